"""The payment list as treasury and bank get it: the same batch gives the same bytes every time.  (pure)"""

import csv
import io

from ledger.amounts import yuan
from ledger.payments.values import Batch

COLUMNS = (
    "序号",
    "应付编号",
    "收款单位代码",
    "收款单位",
    "户名",
    "开户行",
    "账号",
    "联行号",
    "金额（元）",
    "金额（分）",
    "预算项目",
    "指标文号",
    "用途",
)


def export_csv(batch: Batch) -> bytes:
    """UTF-8 with BOM, comma, CRLF, every cell quoted.

    Control rows first (number, payer, date, count, total, SHA-256 that the approval is bound to), then one row per
    line in the order of the batch. Nothing in it depends on when it is written or how far the payment has come.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(
        [
            ("支付批次", batch.number),
            ("付款单位代码", batch.payer),
            ("制单人", batch.maker),
            ("制单日期", batch.composed_on.isoformat()),
            ("笔数", batch.count),
            ("合计（元）", yuan(batch.total_fen).replace(",", "")),
            ("合计（分）", batch.total_fen),
            ("SHA-256", batch.content_hash),
            (),
            COLUMNS,
        ]
    )
    for line in batch.lines:
        writer.writerow(
            _text(cell)
            for cell in (
                line.line,
                line.payable,
                line.payee,
                line.payee_name,
                line.account_name,
                line.bank,
                line.account_number,
                line.cnaps,
                yuan(line.amount_fen).replace(",", ""),
                line.amount_fen,
                line.budget_line,
                line.document_number,
                line.purpose,
            )
        )
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _text(cell: str | int) -> str:
    """A cell that a spreadsheet shows and never computes: what begins like a formula gets an apostrophe in front."""
    word = str(cell)
    return f"'{word}" if word[:1] in {"=", "+", "-", "@"} else word
