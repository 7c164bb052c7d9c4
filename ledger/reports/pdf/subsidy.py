"""The approval sheet of a subsidy, and what a unit is told of its award."""

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.charts.barcharts import HorizontalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, Spacer, Table, TableStyle

from ledger.amounts import yuan
from ledger.evaluation.values import GRADE_EN, Grade
from ledger.executor.clock import CITY
from ledger.reports.pdf.page import (
    SYNTHETIC_EN,
    SYNTHETIC_ZH,
    WIDTH,
    Head,
    print_pdf,
    styles,
)
from ledger.reports.pdf.table import long_table, plain_table
from ledger.reports.pdf.words import both_ways
from ledger.reports.subsidy import SubsidySheet
from ledger.subsidies.rules import STATE_WORDS
from ledger.subsidies.values import EXCLUSION_ZH, Award
from policies.kernel.derivation import CONFIDENCE_WORDS
from policies.kernel.errors import Language
from policies.kernel.words import Words
from policies.subsidies.schemes import Serves

BAR = HexColor(0x2F5D8A)
Say = Callable[[str, str], str]
NUMBERS = tuple(zip("一二三四五六七八", "12345678", strict=True))
_BASE = {Serves.UNITS: Words("收入", "income"), Serves.USERS: Words("支出", "spending")}


def approval_sheet(
    sheet: SubsidySheet,
    language: Language = "zh",
    verify_at: str = "vledger:",
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """Totals, every line, who is left out, what it rests on, who signed: as PDF, the same bytes every time.

    Args:
        sheet: of one version of a batch.
        language: Chinese, or English with the same figures.
        verify_at: what the QR code begins with; batch and hash follow.
        progress: told of each page that was laid out.

    Raises:
        GlyphMissing: a name has a character that the font lacks; nothing is printed.
    """
    head = Head(
        title=_title(sheet).say(language),
        document_number=sheet.document_number,
        hash=sheet.hash,
        synthetic=sheet.batch.synthetic,
        language=language,
    )
    return print_pdf(head, lambda font: _sheet(sheet, language, font, verify_at), progress)


def unit_notice(sheet: SubsidySheet, unit: str, language: Language = "zh", verify_at: str = "vledger:") -> bytes:
    """What one unit is told: its award in figures and capitals, what it rests on, until when it may object.

    Raises:
        StopIteration: the unit has no award in the batch.
    """
    award = next(award for award in sheet.batch.awards if award.unit == unit)
    head = Head(
        title=_say(language)("绩效后补贴通知单", "Notice of a subsidy"),
        document_number=f"{sheet.document_number}/{award.number}",
        hash=sheet.hash,
        synthetic=sheet.batch.synthetic,
        language=language,
    )
    return print_pdf(head, lambda font: _notice(sheet, award, language, font, verify_at))


def _title(sheet: SubsidySheet) -> Words:
    if sheet.batch.top_up:
        return Words("绩效后补贴补发审批表", "Approval sheet of a top-up")
    return Words("绩效后补贴审批表", "Approval sheet of a subsidy")


def _say(language: Language) -> Say:
    return lambda zh, en: zh if language == "zh" else en


def _grade(grade: str, say: Say) -> str:
    return say(grade, GRADE_EN[Grade(grade)]) if grade else "—"


def _sheet(sheet: SubsidySheet, language: Language, font: str, verify_at: str) -> Iterator[Flowable]:
    say, look, batch = _say(language), styles(font), sheet.batch
    numbers = iter(NUMBERS)

    def heading(zh: str, en: str) -> Paragraph:
        """The next one that is printed: a sheet without grades skips no number."""
        number_zh, number_en = next(numbers)
        return Paragraph(say(f"{number_zh}、{zh}", f"{number_en}. {en}"), look["heading"])

    yield Paragraph(escape(_title(sheet).say(language)), look["title"])
    if batch.synthetic:
        yield Paragraph(say(SYNTHETIC_ZH, SYNTHETIC_EN), look["alarm"])
        yield Spacer(1, 2 * mm)
    yield _facts(sheet, language, font, verify_at)

    yield heading("总额", "Totals")
    yield plain_table(
        [
            [say("可分配总额", "Pool"), both_ways(batch.pool_fen)],
            *([name, both_ways(fen)] for name, fen in _totals(sheet, say)),
        ],
        font,
        [30 * mm, WIDTH - 30 * mm],
    )

    if any(one.grade for one in sheet.by_grade):
        yield KeepTogether(
            [
                heading("各等次", "By grade"),
                _by_grade(sheet, say, font),
                _chart(sheet, say, font),
            ]
        )

    yield heading("各单位补贴（元）", "Awards, in yuan")
    yield _awards(sheet, say, font)

    if batch.excluded:
        yield heading("未列入的单位", "Units that are left out")
        rows = [say("单位代码|名称|原因|说明|基数（元）", "code|name|reason|detail|base in yuan").split("|")]
        rows += [
            [
                one.unit,
                sheet.names.get(one.unit, ""),
                say(EXCLUSION_ZH[one.why], one.why.value),
                one.detail,
                yuan(one.base_fen),
            ]
            for one in batch.excluded
        ]
        yield long_table(rows, font, [38 * mm, 48 * mm, 28 * mm, 36 * mm, WIDTH - 150 * mm], right=1)

    yield PageBreak()
    yield heading("计算依据", "What the amounts rest on")
    yield from _grounds(sheet, language, font)
    yield KeepTogether([heading("审批", "Signatures"), _signatures(sheet, say, font)])


def _facts(sheet: SubsidySheet, language: Language, font: str, verify_at: str) -> Flowable:
    say, batch = _say(language), sheet.batch
    rows = [
        [say("政策", "Policy"), sheet.title.say(language)],
        [say("计算公式", "Formula"), f"{batch.policy}  {batch.policy_version}"],
        [say("主管部门", "Commission"), f"{sheet.operator_name}  {batch.operator}"],
        [say("批次、版本", "Batch, version"), f"{batch.number} / {batch.version}  {batch.reason}"],
        [say("预算年度", "Budget year"), f"{batch.budget_year}"],
        [say("计算日期", "Computed on"), f"{batch.computed_on}"],
        [say("公示至", "Notice until"), f"{batch.notice_until or '—'}"],
        [say("应付讫", "To be paid by"), f"{sheet.due_on or '—'}"],
        [say("状态", "State"), STATE_WORDS[batch.state].say(language)],
    ]
    if batch.evaluation:
        rows.insert(2, [say("评价考核", "Evaluation"), f"{batch.evaluation} / {batch.evaluation_version}"])
    if added := batch.top_up:
        change = f"，{say('政策调整', 'change of policy')} {added.change}" if added.change else ""
        rows.insert(2, [say("补发依据", "Topped up by"), f"{added.decision_number}（{added.batch}）{change}"])
    table = plain_table(rows, font, [26 * mm, WIDTH - 62 * mm])
    code = _qr(f"{verify_at}{batch.number}:{sheet.hash}")
    return Table(
        [[table, code]], colWidths=[WIDTH - 36 * mm, 36 * mm], style=TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")])
    )


def _qr(text: str) -> Drawing:
    widget = QrCodeWidget(text, barLevel="M")
    left, bottom, right, top = widget.getBounds()
    size = 32 * mm
    drawing = Drawing(size, size, transform=[size / (right - left), 0, 0, size / (top - bottom), 0, 0])
    drawing.add(widget)
    return drawing


def _by_grade(sheet: SubsidySheet, say: Say, font: str) -> Flowable:
    rows = [say("等次|单位数|补贴（元）", "grade|units|awarded in yuan").split("|")]
    rows += [[_grade(one.grade, say), str(one.units), yuan(one.awarded_fen)] for one in sheet.by_grade]
    rows.append([say("合计", "Total"), str(len(sheet.batch.awards)), yuan(sheet.batch.awarded_fen)])
    return long_table(rows, font, [30 * mm, 30 * mm, 50 * mm], right=2, total=True)


def _chart(sheet: SubsidySheet, say: Say, font: str) -> Drawing:
    """Awarded by grade, in yuan; whole numbers in, so that the same sheet gives the same chart."""
    grades = sheet.by_grade
    height = (12 + 9 * len(grades)) * mm
    drawing = Drawing(WIDTH, height)
    chart = HorizontalBarChart()
    chart.x, chart.y, chart.width, chart.height = 20 * mm, 8 * mm, WIDTH - 40 * mm, height - 12 * mm
    chart.data = [[one.awarded_fen // 100 for one in reversed(grades)]]
    chart.categoryAxis.categoryNames = [_grade(one.grade, say) for one in reversed(grades)]
    for label in (chart.categoryAxis.labels, chart.valueAxis.labels, chart.barLabels):
        label.fontName, label.fontSize = font, 7
    chart.valueAxis.valueMin = 0
    chart.valueAxis.labelTextFormat = "{:,.0f}".format
    chart.bars[0].fillColor, chart.bars[0].strokeColor = BAR, None
    chart.barLabelFormat = "{:,.0f}".format
    chart.barLabels.nudge = 14
    chart.barLabels.boxAnchor = "w"
    drawing.add(chart)
    return drawing


def _totals(sheet: SubsidySheet, say: Say) -> list[tuple[str, int]]:
    batch = sheet.batch
    due = [award.due for award in batch.awards if award.due]
    if batch.top_up is None:
        return [(say("应得合计", "Entitled"), batch.entitled_fen), (say("补贴合计", "Awarded"), batch.awarded_fen)]
    return [
        (say("核定合计", "Due"), sum(one.due_fen for one in due)),
        (say("此前已批准", "Awarded before"), sum(one.had_fen for one in due)),
        (say("补发合计", "Topped up"), batch.awarded_fen),
    ]


def _awards(sheet: SubsidySheet, say: Say, font: str) -> Flowable:
    """Base, entitlement and award of each; of a top-up what is due, what was awarded before, and the rest of it."""
    batch = sheet.batch
    figures = [award.shown_fen for award in batch.awards]
    columns = (
        say("核定|此前已批准|补发", "due|awarded before|topped up")
        if batch.top_up
        else say("基数|应得|补贴", "base|entitled|awarded")
    )
    rows = [[*say("序号|单位代码|名称|等次", "no.|code|name|grade").split("|"), *columns.split("|")]]
    rows += [
        [str(n), award.unit, sheet.name(award), _grade(award.grade, say), *map(yuan, fen)]
        for n, (award, fen) in enumerate(zip(batch.awards, figures, strict=True), start=1)
    ]
    rows.append(["", say("合计", "Total"), "", "", *(yuan(sum(column)) for column in zip(*figures, strict=True))])
    widths = [10 * mm, 35 * mm, 38 * mm, 12 * mm, 28 * mm, 26 * mm]
    return long_table(rows, font, [*widths, WIDTH - sum(widths)], right=3, total=True)


def _grounds(sheet: SubsidySheet, language: Language, font: str) -> Iterator[Flowable]:
    say, look, batch = _say(language), styles(font), sheet.batch
    base = _BASE[batch.serves]
    yield Paragraph(
        escape(
            say(
                f"基数取 {batch.base_year} 年的{base.zh}，按截至区块 {batch.block}（末条凭证 {batch.last_seq}）的记录；"
                f"区块核对值 {batch.block_hash}。",
                f"The base is the {base.en} of {batch.base_year}, by the records up to block {batch.block} (last entry "
                f"{batch.last_seq}), whose hash is {batch.block_hash}.",
            )
        ),
        look["body"],
    )
    rows = [say("项目|取值|依据|可信度", "value|is|by|confidence").split("|")]
    rows += [
        [
            value.label.say(language),
            value.say(language),
            value.cite,
            CONFIDENCE_WORDS[value.confidence].say(language),
        ]
        for value in sheet.values
    ]
    yield Spacer(1, 3 * mm)
    yield long_table(rows, font, [56 * mm, 34 * mm, WIDTH - 112 * mm, 22 * mm], right=0, wrap=(0, 1, 2))
    yield Spacer(1, 4 * mm)
    rows = [
        say(
            "单位代码|税率|开票金额|其中不予支持|其余中券款|其余中入股",
            "code|tax|billed|of it, left out|of the rest, vouchers|of the rest, equity",
        ).split("|")
    ]
    rows += [
        [
            row.unit,
            row.vat_rate,
            yuan(row.billed_fen),
            yuan(row.excluded_fen),
            yuan(row.voucher_fen),
            yuan(row.equity_fen),
        ]
        for row in sheet.bases
    ]
    yield long_table(rows, font, [40 * mm, 14 * mm, *([(WIDTH - 54 * mm) / 4] * 4)], right=4)


def _signatures(sheet: SubsidySheet, say: Say, font: str) -> Flowable:
    batch = sheet.batch
    signed = [(one.person, one.at.astimezone(CITY).strftime("%Y-%m-%d %H:%M")) for one in sheet.signed]
    signed += [("", "")] * (2 - len(signed))
    rows = [
        [say("制表", "Computed by"), batch.maker, f"{batch.computed_on}"],
        [say("审核", "Reviewed by"), batch.reviewer, ""],
        *([say("财政审批", "Approved by"), person, at or say("待签", "not signed")] for person, at in signed),
    ]
    return plain_table(rows, font, [30 * mm, 60 * mm, WIDTH - 90 * mm], height=9 * mm)


def _notice(sheet: SubsidySheet, award: Award, language: Language, font: str, verify_at: str) -> Iterator[Flowable]:
    say, look, batch = _say(language), styles(font), sheet.batch
    more = Words("补发", " more") if batch.top_up else Words("为", "")
    yield Paragraph(say("绩效后补贴通知单", "Notice of a subsidy"), look["title"])
    if batch.synthetic:
        yield Paragraph(say(SYNTHETIC_ZH, SYNTHETIC_EN), look["alarm"])
    yield Paragraph(escape(f"{sheet.name(award)}  {award.unit}"), look["heading"])
    yield Paragraph(
        escape(
            say(
                f"经核定，贵单位 {batch.year} 年补贴{more.zh} {both_ways(award.awarded_fen)}。",
                f"For {batch.year} you are awarded {both_ways(award.awarded_fen)}{more.en}.",
            )
        ),
        look["body"],
    )
    yield Spacer(1, 4 * mm)
    rows = [
        [say("政策", "Policy"), sheet.title.say(language)],
        [say("等次", "Grade"), _grade(award.grade, say)],
        [say("基数", "Base"), f"{yuan(award.base_fen)}（{batch.base_year}）"],
        [say("应得", "Entitled"), yuan(award.entitled_fen)],
        [
            say("账单", "Bills"),
            say(
                f"{award.bills} 张，{yuan(award.billed_fen)} 元，其中不予支持 {yuan(award.excluded_fen)} 元",
                f"{award.bills}, of {yuan(award.billed_fen)} yuan; of it left out {yuan(award.excluded_fen)} yuan",
            ),
        ],
        [
            say("使用记录", "Uses"),
            say(f"{award.uses} 次，{award.minutes} 分钟", f"{award.uses}, {award.minutes} minutes"),
        ],
        [say("公示至", "Notice until"), f"{batch.notice_until or '—'}"],
    ]
    if award.due and batch.top_up:
        rows.insert(1, [say("补发依据", "Topped up by"), batch.top_up.decision_number])
        rows.insert(2, [say("核定", "Due"), yuan(award.due.due_fen)])
        rows.insert(3, [say("此前已批准", "Awarded before"), yuan(award.due.had_fen)])
    yield Table(
        [[plain_table(rows, font, [26 * mm, WIDTH - 62 * mm]), _qr(f"{verify_at}{award.number}:{sheet.hash}")]],
        colWidths=[WIDTH - 36 * mm, 36 * mm],
        style=TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")]),
    )
    yield Spacer(1, 6 * mm)
    yield Paragraph(
        escape(
            say(
                f"如有异议，请于公示期内向 {sheet.operator_name} 提出。此单不作为付款凭证。",
                f"Objections are made to {sheet.operator_name} during the public notice. This is no payment document.",
            )
        ),
        look["body"],
    )
