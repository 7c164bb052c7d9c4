"""The statement of holdings, read back from the paper."""

import io
from datetime import date

from pypdf import PdfReader

from ledger.equity.listing import Holding
from ledger.equity.values import Valuation
from ledger.reports.holdings import HoldingsStatement
from ledger.reports.pdf.holdings import holdings_pdf

FIRMS = {"F1": "甲新材料科技（北京）有限公司", "F2": "乙公司", "U": "某市属大学"}


def holding(firm: str, held_fen: int, **changed: object) -> Holding:
    facts: dict[str, object] = {
        "unit": "U",
        "firm": firm,
        "held_fen": held_fen,
        "pending_fen": 0,
        "registered_fen": 206_000_000,
        "cost_fen": held_fen * 10,
        "to_dispose_fen": 0,
        "valuation": Valuation(3_500_000_000, date(2027, 6, 30), "B轮"),
        "dividends_due_fen": 0,
    }
    return Holding(**facts | changed)  # type: ignore[arg-type]  # by name


def statement(*holdings: Holding, gone: tuple[Holding, ...] = ()) -> HoldingsStatement:
    return HoldingsStatement("U", "某市属大学", FIRMS, date(2027, 9, 28), 42, holdings, gone)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_share_cost_and_value_stand_beside_each_other() -> None:
    shown = statement(holding("F1", 6_000_000), holding("F2", 1_000, valuation=None, pending_fen=5))

    text = text_of(holdings_pdf(shown))

    for expected in ("60,000.00", "2.9126 %", "600,000.00", "1,019,417.48", "2027-06-30", shown.document_number):
        assert expected in text, expected
    assert shown.hash in text
    assert holdings_pdf(shown) == holdings_pdf(shown)
    assert "Statement of holdings" in text_of(holdings_pdf(shown, "en"))


def test_nothing_held_says_so() -> None:
    assert "没有持股" in text_of(holdings_pdf(statement()))
    assert "已全部退出" in text_of(holdings_pdf(statement(gone=(holding("F2", 0, cost_fen=0),))))


def test_another_figure_is_another_hash() -> None:
    assert statement(holding("F1", 1)).hash != statement(holding("F1", 2)).hash
