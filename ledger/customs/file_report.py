"""File the yearly report on duty-free goods, as the records stand; a later version is marked."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import is_whole
from ledger.customs.report_store import REPORTS, report_key
from ledger.customs.tables import CustomsReportLineTable, CustomsReportTable
from ledger.customs.values import Report
from ledger.errors import Invalid, Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable, shown
from ledger.registry.values import Role
from policies.customs.supervision import report_due
from policies.kernel.policies import Policies

FIRST_YEAR, LAST_YEAR = 2008, 9998


class ReportYearUnreadable(Invalid):
    zh = "年度“{value}”应为 {first} 至 {last} 的整数。"
    en = "The year “{value}” should be a whole number from {first} to {last}."


class ReportYearNotOver(Refused):
    zh = "{year} 年尚未结束（今天为 {today}），不能报送其使用状况。请在年度结束后报送，最迟 {due_on}。"
    en = "The year {year} is not over (today is {today}). Report on it when it is, by {due_on}."


class NothingToReport(Refused):
    zh = "{unit} 在 {year} 年没有海关监管的货物，无需报送。"
    en = "{unit} had no goods under customs' supervision in {year}; there is nothing to report."


class ReportUnchanged(Refused):
    zh = "{unit} 的 {year} 年报告（第 {version} 版）与现有记录一致，不必重新报送。"
    en = "The report of {unit} on {year} (version {version}) is what the records say; it need not be filed again."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport(Command):
    """By an officer of the unit."""

    kind: ClassVar[str] = "customs.file-report"

    unit: str
    year: int
    """On which it reports."""
    document_number: str
    reason: str = ""
    """Why a later version differs from the one before: a use was corrected, recorded late, …"""


def reads(command: FileReport) -> Keys:
    if not is_whole(command.year) or not FIRST_YEAR <= command.year <= LAST_YEAR:
        raise ReportYearUnreadable(value=shown(command.year), first=FIRST_YEAR, last=LAST_YEAR)
    return readable(command, PEOPLE.keys(command.actor) | REPORTS.keys(report_key(command.unit, command.year)))


def decide(command: FileReport, state: State, policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.UNIT_OFFICER, command.unit)
    report: Report = state.one(REPORTS, report_key(command.unit, command.year))
    due_on = report_due(command.year + 1, policies.known_on)
    if today.year <= command.year:
        raise ReportYearNotOver(year=command.year, today=today, due_on=due_on)
    if not report.draft:
        raise NothingToReport(unit=command.unit, year=command.year)
    if report.versions and not report.changed:
        raise ReportUnchanged(unit=command.unit, year=command.year, version=report.versions)
    again = report.versions > 0
    head = CustomsReportTable(
        unit=command.unit,
        year=command.year,
        version=report.versions + 1,
        filed_on=today,
        due_on=due_on,
        late=not again and today > due_on,
        document_number=checked_name(command.document_number, "文号", "number of the document"),
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX) if again else command.reason.strip(),
        person=command.actor,
    )
    return Effects(
        {"unit": head.unit, "year": head.year, "version": head.version, "due_on": due_on, "late": head.late},
        rows=(head, *_lines(head, report)),
    )


def _lines(head: CustomsReportTable, report: Report) -> tuple[CustomsReportLineTable, ...]:
    return tuple(
        CustomsReportLineTable(
            unit=head.unit,
            year=head.year,
            version=head.version,
            item=line.item,
            instrument=line.instrument,
            value_fen=line.value_fen,
            place=line.place,
            state=line.state,
            uses=line.uses,
            own_minutes=line.own_minutes,
            shared_minutes=line.shared_minutes,
            outside_minutes=line.outside_minutes,
        )
        for line in report.draft or ()
    )


USE_CASE = UseCase(FileReport, reads, decide)
