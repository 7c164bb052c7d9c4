"""What leaves the house of a subsidy: lists for bureau and treasury, reference entries, open data.  (pure)

Open data follows the spreadsheet form of the 360Giving standard for awards, and a Fiscal Data Package describes the
same file. Who publishes again replaces the files; the changelog says what changed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date

from ledger.amounts import yuan
from ledger.payments.values import Batch as PaymentBatch
from ledger.reports.subsidy import ReferenceLine, SubsidySheet, Transaction
from ledger.reports.tables import Rows, csv_text, xlsx
from ledger.subsidies.values import EXCLUSION_ZH, Award, Batch, Difference
from policies.subsidies.schemes import Serves

CURRENCY = "CNY"
_FOR = {Serves.UNITS: "开放共享绩效", Serves.USERS: "使用共享仪器"}


def plain_yuan(fen: int) -> str:
    """Yuan with two places and no separators."""
    return yuan(fen).replace(",", "")


def award_list(sheet: SubsidySheet) -> bytes:
    """The list for the bureaus as XLSX: totals with the hash first, awards, who is left out, bases by rate of tax."""
    batch = sheet.batch
    return xlsx(
        {
            "补贴": _awards(sheet),
            "总额": _totals(sheet),
            "未列入": [
                ("单位代码", "名称", "原因", "说明", "基数（元）", "基数（分）"),
                *(
                    (
                        one.unit,
                        sheet.names.get(one.unit, ""),
                        EXCLUSION_ZH[one.why],
                        one.detail,
                        plain_yuan(one.base_fen),
                        one.base_fen,
                    )
                    for one in batch.excluded
                ),
            ],
            "基数": [
                ("单位代码", "税率", "开票金额（分）", "其中不予支持（分）", "其余中券款（分）", "其余中入股（分）"),
                *((r.unit, r.vat_rate, r.billed_fen, r.excluded_fen, r.voucher_fen, r.equity_fen) for r in sheet.bases),
            ],
        }
    )


def _awards(sheet: SubsidySheet) -> Rows:
    return [
        (
            "序号",
            "补贴编号",
            "单位代码",
            "名称",
            "等次",
            "基数（元）",
            "应得（元）",
            "补贴（元）",
            "基数（分）",
            "应得（分）",
            "补贴（分）",
            "账单数",
            "使用次数",
            "机时（分钟）",
            *(("核定（元）", "此前已批准（元）", "核定（分）", "此前已批准（分）") if sheet.batch.top_up else ()),
        ),
        *(
            (
                n,
                award.number,
                award.unit,
                sheet.name(award),
                award.grade,
                plain_yuan(award.base_fen),
                plain_yuan(award.entitled_fen),
                plain_yuan(award.awarded_fen),
                award.base_fen,
                award.entitled_fen,
                award.awarded_fen,
                award.bills,
                award.uses,
                award.minutes,
                *_due(award),
            )
            for n, award in enumerate(sheet.batch.awards, start=1)
        ),
    ]


def _due(award: Award) -> tuple[str | int, ...]:
    """Of a top-up: what is due, and what was awarded before."""
    if award.due is None:
        return ()
    due_fen, had_fen = award.due.due_fen, award.due.had_fen
    return plain_yuan(due_fen), plain_yuan(had_fen), due_fen, had_fen


def _totals(sheet: SubsidySheet) -> Rows:
    batch = sheet.batch
    return [
        ("项目", "内容"),
        ("批次", batch.number),
        ("版本", batch.version),
        ("政策", sheet.title.zh),
        ("合成（SYNTHETIC）", "是：公式或办理规则为虚构" if batch.synthetic else "否"),
        ("计算公式", f"{batch.policy} {batch.policy_version}"),
        ("评价考核", f"{batch.evaluation}/{batch.evaluation_version}" if batch.evaluation else ""),
        ("主管部门", f"{sheet.operator_name} {batch.operator}"),
        ("预算年度", batch.budget_year),
        *(
            (
                ("补发", f"{batch.year} 年，批次 {batch.top_up.batch}"),
                ("补发决定", batch.top_up.decision_number),
                ("政策调整", batch.top_up.change),
            )
            if batch.top_up
            else ()
        ),
        ("笔数", len(batch.awards)),
        ("可分配总额（分）", batch.pool_fen),
        ("应得合计（分）", batch.entitled_fen),
        ("补贴合计（分）", batch.awarded_fen),
        ("记录年度", batch.base_year),
        ("记录截至区块", batch.block),
        ("区块核对值", batch.block_hash),
        ("SHA-256", sheet.hash),
    ]


def payment_detail(batch: PaymentBatch) -> bytes:
    """The payment list as XLSX, beside the CSV that `ledger.payments.export` writes: the same lines and totals."""
    lines: Rows = [
        (
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
        ),
        *(
            (
                line.line,
                line.payable,
                line.payee,
                line.payee_name,
                line.account_name,
                line.bank,
                line.account_number,
                line.cnaps,
                plain_yuan(line.amount_fen),
                line.amount_fen,
                line.budget_line,
                line.document_number,
                line.purpose,
            )
            for line in batch.lines
        ),
    ]
    totals: Rows = [
        ("项目", "内容"),
        ("支付批次", batch.number),
        ("付款单位代码", batch.payer),
        ("制单人", batch.maker),
        ("制单日期", batch.composed_on.isoformat()),
        ("笔数", batch.count),
        ("合计（元）", plain_yuan(batch.total_fen)),
        ("合计（分）", batch.total_fen),
        ("SHA-256", batch.content_hash),
    ]
    return xlsx({"支付明细": lines, "控制总额": totals})


def reference_entries(lines: Sequence[ReferenceLine], commission: str) -> bytes:
    """记账凭证 by government account codes: the commission's and the units', financial and budgetary side by side."""
    head = ("参考分录", "凭证号", "日期", "主体", "摘要", "会计", "科目编码", "科目", "借方（分）", "贷方（分）")

    def rows(own: bool) -> Rows:  # noqa: FBT001  one of two sheets
        return [
            head,
            *(
                (
                    "参考分录",
                    line.seq,
                    line.on.isoformat(),
                    line.entity,
                    line.template_zh,
                    "财务会计" if line.side == "financial" else "预算会计",
                    line.government_code,
                    line.account_zh,
                    line.debit_fen,
                    line.credit_fen,
                )
                for line in lines
                if (line.entity == commission) is own
            ),
        ]

    return xlsx({"主管部门": rows(own=True), "单位": rows(own=False)})


def open_data(
    sheet: SubsidySheet, awarded_on: date, transactions: Sequence[Transaction], changes: Sequence[str] = ()
) -> dict[str, bytes]:
    """Awards as open data: a table in 360Giving's columns, what became of them, a Fiscal Data Package, a changelog.

    The table says what was awarded and stays as it was published. What changes afterwards is a dated transaction with
    its sign, so that nobody has to guess which of two amounts is the newer one.
    """
    batch = sheet.batch
    stem, added = sheet.stem, f"，补发（{batch.top_up.decision_number}）" if batch.top_up else ""
    awards = csv_text(
        [
            (
                "Identifier",
                "Title",
                "Description",
                "Currency",
                "Amount Applied For",
                "Amount Awarded",
                "Award Date",
                "Recipient Org:Identifier",
                "Recipient Org:Name",
                "Funding Org:Identifier",
                "Funding Org:Name",
                "Grant Programme:Code",
                "Grant Programme:Title",
                "Last modified",
                "Grade",
                "Synthetic",
            ),
            *(
                (
                    f"CN-USCC-{batch.operator}-{award.number}",
                    sheet.title.zh,
                    f"{batch.base_year} 年{_FOR[batch.serves]}，第 {batch.version} 版{added}",
                    CURRENCY,
                    plain_yuan(award.entitled_fen),
                    plain_yuan(award.awarded_fen),
                    awarded_on.isoformat(),
                    f"CN-USCC-{award.unit}",
                    sheet.name(award),
                    f"CN-USCC-{batch.operator}",
                    sheet.operator_name,
                    batch.scheme,
                    sheet.title.zh,
                    awarded_on.isoformat(),
                    award.grade,
                    "SYNTHETIC" if batch.synthetic else "",
                )
                for award in batch.awards
            ),
        ]
    )
    tables = {
        f"{stem}-awards.csv": awards,
        f"{stem}-transactions.csv": csv_text(
            [
                ("Grant Identifier", "Transaction Date", "Transaction Type", "Currency", "Amount"),
                *(
                    (
                        f"CN-USCC-{batch.operator}-{one.award}",
                        one.on.isoformat(),
                        one.kind,
                        CURRENCY,
                        plain_yuan(one.amount_fen),
                    )
                    for one in transactions
                ),
            ]
        ),
    }
    package = json.dumps(_package(sheet, tables, awarded_on), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    log = "\n".join([f"# {sheet.title.zh} {batch.year}", "", f"- {awarded_on}: {_entry(sheet)}", *changes, ""])
    return {**tables, f"{stem}-datapackage.json": package.encode(), f"{stem}-CHANGELOG.md": log.encode()}


def _entry(sheet: SubsidySheet) -> str:
    batch = sheet.batch
    reason = f"（{batch.reason}）" if batch.reason else ""
    if batch.top_up:
        reason = f"，依 {batch.top_up.decision_number} 补发 {batch.top_up.batch}{reason}"
    return f"第 {batch.version} 版{reason}，{len(batch.awards)} 个单位，合计 {yuan(batch.awarded_fen)} 元"


def difference_lines(found: Sequence[Difference]) -> list[str]:
    """What a new version changed, for the changelog."""
    return [f"  - {one.unit}: {_fen(one.before_fen)} → {_fen(one.after_fen)} ({', '.join(one.why)})" for one in found]


def top_up_lines(batch: Batch) -> list[str]:
    """What each unit had before, and what it has with the top-up, for the changelog."""
    return [
        f"  - {award.unit}: {yuan(award.due.had_fen)} → {yuan(award.due.due_fen)}"
        for award in batch.awards
        if award.due
    ]


def _fen(fen: int | None) -> str:
    return "—" if fen is None else yuan(fen)


_AWARD_FIELDS = [
    {"name": "Identifier", "type": "string", "columnType": "transaction-id:code"},
    {"name": "Amount Awarded", "type": "number", "columnType": "value", "unit": CURRENCY},
    {"name": "Award Date", "type": "date", "columnType": "date:generic"},
    {"name": "Recipient Org:Identifier", "type": "string", "columnType": "recipient:id"},
    {"name": "Recipient Org:Name", "type": "string", "columnType": "recipient:name"},
    {"name": "Funding Org:Name", "type": "string", "columnType": "supplier:name"},
]
_TRANSACTION_FIELDS = [
    {"name": "Grant Identifier", "type": "string", "columnType": "budget-line-id"},
    {"name": "Transaction Date", "type": "date", "columnType": "date:generic"},
    {"name": "Transaction Type", "type": "string"},
    {"name": "Amount", "type": "number", "columnType": "value", "unit": CURRENCY},
]


def _package(sheet: SubsidySheet, tables: Mapping[str, bytes], awarded_on: date) -> dict[str, object]:
    batch = sheet.batch
    fields = {"awards": _AWARD_FIELDS, "transactions": _TRANSACTION_FIELDS}
    return {
        "name": sheet.stem,
        "title": sheet.title.zh,
        "profile": "fiscal-data-package",
        "countryCode": "CN",
        "granularity": "transactional",
        "fiscalPeriod": {"start": f"{batch.budget_year}-01-01", "end": f"{batch.budget_year}-12-31"},
        "created": awarded_on.isoformat(),
        "version": str(batch.version),
        "synthetic": batch.synthetic,
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": [
            {
                "name": name,
                "path": path,
                "format": "csv",
                "encoding": "utf-8-sig",
                "bytes": len(data),
                "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
                "schema": {"fields": fields[name]},
            }
            for (path, data), name in zip(tables.items(), fields, strict=True)
        ],
    }


def checksums(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum -c` reads them."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()
