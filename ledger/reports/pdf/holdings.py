"""The statement of what a unit holds of firms."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer

from ledger.amounts import yuan
from ledger.reports.holdings import HoldingsStatement
from ledger.reports.pdf.page import WIDTH, Head, print_pdf, styles
from ledger.reports.pdf.table import long_table, plain_table
from policies.kernel.errors import Language

TITLE = ("服务费转股持股清单", "Statement of holdings from fees")


def holdings_pdf(statement: HoldingsStatement, language: Language = "zh") -> bytes:
    """What is held, at cost and at the last valuation: as PDF, the same bytes every time.

    Raises:
        GlyphMissing: a name has a character that the font lacks; nothing is printed.
    """
    head = Head(
        title=TITLE[0] if language == "zh" else TITLE[1],
        document_number=statement.document_number,
        hash=statement.hash,
        synthetic=False,
        language=language,
    )
    return print_pdf(head, lambda font: _story(statement, head, font))


def _story(statement: HoldingsStatement, head: Head, font: str) -> Iterator[Flowable]:
    say, look = head.say, styles(font)
    cost, value = yuan(statement.cost_fen), yuan(statement.value_fen)
    yield Paragraph(head.title, look["title"])
    yield plain_table(
        [
            [say("持有单位", "Holder"), f"{statement.unit_name}  {statement.unit}"],
            [say("截止日期", "As of"), f"{statement.as_of}"],
            [say("依据区块", "Block"), f"{statement.block}"],
            [
                say("账面成本合计", "Cost, together"),
                say(f"{cost} 元", f"{cost} yuan"),
            ],
            [say("最近估值合计", "Last valuations, together"), say(f"{value} 元", f"{value} yuan")],
        ],
        font,
        [40 * mm, WIDTH - 40 * mm],
    )
    yield Paragraph(say("一、持有", "1. Held"), look["heading"])
    if statement.holdings:
        yield _held(statement, head, font)
    else:
        yield Paragraph(say("没有持股。", "Nothing is held."), look["body"])
    if statement.gone:
        yield Paragraph(say("二、已全部退出", "2. Left altogether"), look["heading"])
        yield Paragraph(
            escape("、".join(f"{statement.firm_names.get(one.firm, '')} {one.firm}" for one in statement.gone)),
            look["body"],
        )
    yield Spacer(1, 4 * mm)
    yield Paragraph(
        say(
            "金额单位：元。本清单出自备查账簿，不是法定会计账簿；估值为账簿所知的最近一次评估或增资价格按持股比例计算，"
            "不代表可实现的价值。",
            "Amounts in yuan. From control records, which are nobody's statutory books. A valuation is the last "
            "appraisal or round that the books know, by the share held; it is no promise of a price.",
        ),
        look["faint"],
    )


def _held(statement: HoldingsStatement, head: Head, font: str) -> Flowable:
    say = head.say
    rows = [
        [
            say("企业", "Firm"),
            say("持有注册资本", "Capital held"),
            say("待登记", "Pending"),
            say("持股比例", "Share"),
            say("账面成本", "Cost"),
            say("最近估值", "Last value"),
            say("估值日期", "Valued on"),
            say("应收股利", "Dividends"),
        ]
    ]
    rows += [
        [
            f"{statement.firm_names.get(one.firm, '')} {one.firm}",
            yuan(one.held_fen),
            yuan(one.pending_fen),
            _percent(one.held_fen, one.registered_fen),
            yuan(one.cost_fen + one.to_dispose_fen),
            "—" if one.value_fen is None else yuan(one.value_fen),
            f"{one.valuation.on}" if one.valuation else "—",
            yuan(one.dividends_due_fen),
        ]
        for one in statement.holdings
    ]
    widths = [WIDTH - 142 * mm, 22 * mm, 18 * mm, 17 * mm, 22 * mm, 23 * mm, 20 * mm, 20 * mm]
    return long_table(rows, font, widths, 7, wrap=(0,))


def _percent(held_fen: int, registered_fen: int) -> str:
    """Four places, half-up, for show."""
    if not registered_fen:
        return "—"
    shown = (held_fen * 2_000_000 + registered_fen) // (2 * registered_fen)
    return f"{shown // 10_000}.{shown % 10_000:04d} %"
