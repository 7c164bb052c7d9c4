"""What must follow when, and has not: appraisals that run out, shares to register, capital to publish, agreements."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ledger.equity.store import CONVERSIONS
from ledger.equity.values import BEFORE_CONVERTED, Conversion, ConversionState
from ledger.executor.listing import details
from ledger.executor.reading import Reader
from policies.calendar.table import WorkingDays
from policies.equity.terms import EquityTerms


class DueKind(StrEnum):
    APPRAISAL_ENDS = "appraisal-ends"
    REGISTRATION_DUE = "registration-due"
    PUBLICATION_DUE = "publication-due"
    AGREEMENT_ENDS = "agreement-ends"


@dataclass(frozen=True, slots=True)
class Deadline:
    on: date
    kind: DueKind
    subject: str
    """The conversion, or the agreement."""
    unit: str
    firm: str
    provisional: bool = False
    """Counted into a year whose holidays are not published yet."""


def deadlines(
    reader: Reader, until: date, calendar: WorkingDays, terms: Callable[[date], EquityTerms]
) -> list[Deadline]:
    """Days up to `until` that still ask for something, the nearest first; those that have passed too."""
    running = [
        number
        for (number,) in reader.rows(
            "SELECT c.number FROM equity_conversion c WHERE c.book = %s AND (SELECT s.state "
            "FROM equity_conversion_step s WHERE s.book = c.book AND s.conversion = c.number "
            "ORDER BY s.step DESC LIMIT 1) NOT IN ('held', 'void') ORDER BY c.number",
            reader.book,
        )
    ]
    asked = (_of_conversion(one, calendar, terms) for one in details(reader, CONVERSIONS, running))
    found = [due for due in asked if due is not None]
    found += [
        Deadline(day, DueKind.AGREEMENT_ENDS, number, unit, firm)
        for number, unit, firm, day in reader.rows(
            "SELECT * FROM (SELECT DISTINCT ON (number) number, unit, firm, valid_until FROM equity_agreement "
            "  WHERE book = %s ORDER BY number, version DESC) a "
            "WHERE (SELECT s.state FROM equity_agreement_step s WHERE s.book = %s AND s.agreement = a.number "
            "       ORDER BY s.step DESC LIMIT 1) IN ('signed', 'suspended')",
            reader.book,
            reader.book,
        )
    ]
    return sorted((due for due in found if due.on <= until), key=lambda due: (due.on, due.kind, due.subject))


def _of_conversion(
    conversion: Conversion, calendar: WorkingDays, terms: Callable[[date], EquityTerms]
) -> Deadline | None:
    number, unit, firm = conversion.number, conversion.unit, conversion.firm
    if conversion.state in BEFORE_CONVERTED:
        return Deadline(conversion.valid_until, DueKind.APPRAISAL_ENDS, number, unit, firm)
    if conversion.state is ConversionState.CONVERTED and conversion.resolution:
        resolved_on = conversion.resolution.resolved_on
        due = resolved_on + timedelta(days=terms(resolved_on).registration_days)
        return Deadline(due, DueKind.REGISTRATION_DUE, number, unit, firm)
    if conversion.state is ConversionState.REGISTERED:
        registered_on = conversion.days[ConversionState.REGISTERED]
        term = calendar.after(registered_on, terms(registered_on).publication_working_days)
        return Deadline(term.date, DueKind.PUBLICATION_DUE, number, unit, firm, term.provisional)
    return None
