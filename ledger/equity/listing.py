"""What units, firms and bureaus look at: agreements, conversions, the register of holdings, dividends, exits."""

from dataclasses import dataclass
from fractions import Fraction

from ledger.database.walls import past_the_walls
from ledger.equity.store import AGREEMENTS, COMPANIES, CONVERSIONS, DIVIDEND_LIST, EXITS, WRITE_DOWNS
from ledger.equity.values import Agreement, Company, Conversion, Dividend, Exit, Valuation, WriteDown
from ledger.executor.listing import Place, newest
from ledger.executor.reading import Reader
from policies.kernel.rounding import half_up


@dataclass(frozen=True, slots=True)
class Holding:
    """What one unit has of one firm."""

    unit: str
    firm: str
    held_fen: int
    """Registered capital that the register shows."""
    pending_fen: int
    """Converted, and not registered yet."""
    registered_fen: int
    """All registered capital of the firm."""
    cost_fen: int
    to_dispose_fen: int
    """Cost of what is to be written off."""
    valuation: Valuation | None
    """The firm as it was valued last."""
    dividends_due_fen: int

    @property
    def share(self) -> Fraction:
        """Exact, of what the register shows."""
        return Fraction(self.held_fen, self.registered_fen) if self.registered_fen else Fraction(0)

    @property
    def value_fen(self) -> int | None:
        """The holding's part of the last valuation, half-up; None where the firm was never valued."""
        return None if self.valuation is None else half_up(self.valuation.value_fen * self.share)


def agreements_page(
    reader: Reader, after: Place, limit: int, *, unit: str | None = None, firm: str | None = None
) -> list[Agreement]:
    """The newest first; each once, in its last version."""
    return newest(
        reader,
        AGREEMENTS,
        "equity_agreement",
        "submitted_on",
        after,
        limit,
        "AND t.version = 1",
        unit=unit,
        firm=firm,
    )


def conversions_page(
    reader: Reader, after: Place, limit: int, *, agreement: str | None = None, unit: str | None = None
) -> list[Conversion]:
    return newest(reader, CONVERSIONS, "equity_conversion", "recorded_on", after, limit, agreement=agreement, unit=unit)


def dividends_page(
    reader: Reader, after: Place, limit: int, *, unit: str | None = None, firm: str | None = None
) -> list[Dividend]:
    return newest(reader, DIVIDEND_LIST, "equity_dividend", "recorded_on", after, limit, unit=unit, firm=firm)


def exits_page(
    reader: Reader, after: Place, limit: int, *, unit: str | None = None, firm: str | None = None
) -> list[Exit]:
    return newest(reader, EXITS, "equity_exit", "proposed_on", after, limit, unit=unit, firm=firm)


def write_downs_page(
    reader: Reader, after: Place, limit: int, *, unit: str | None = None, firm: str | None = None
) -> list[WriteDown]:
    return newest(reader, WRITE_DOWNS, "equity_write_down", "proposed_on", after, limit, unit=unit, firm=firm)


def holdings_page(
    reader: Reader, after: tuple[str, str], limit: int, *, unit: str | None = None, firm: str | None = None
) -> list[Holding]:
    """The register of holdings behind this unit and firm: whatever is held, pending, or has a cost.

    Which there are is asked behind the walls between parties: a conversion tells that a unit has to do with a firm.
    """
    pairs = [
        (owner, of)
        for owner, of in reader.rows(
            "SELECT DISTINCT unit, firm FROM equity_conversion WHERE book = %s AND (unit, firm) > (%s, %s) "
            "AND unit = coalesce(%s, unit) AND firm = coalesce(%s, firm) ORDER BY unit, firm LIMIT %s",
            reader.book,
            *after,
            unit,
            firm,
            limit,
        )
    ]
    with past_the_walls(reader.connection):
        companies = COMPANIES.load(reader, {of for _, of in pairs}) if pairs else {}
        due: dict[tuple[str, str], int] = {
            (owner, of): fen
            for owner, of, fen in reader.rows(
                "SELECT a.entity, split_part(a.address, ':', 3), (b.debits - b.credits)::int8 FROM account a "
                "JOIN balance b ON b.book = a.book AND b.account = a.id "
                "WHERE a.book = %s AND a.address = ANY(%s)",
                reader.book,
                [f"equity:dividends:{of}:{owner}" for owner, of in pairs],
            )
        }
    return [_holding(owner, companies[of], due.get((owner, of), 0)) for owner, of in pairs]


def _holding(unit: str, company: Company, dividends_due_fen: int) -> Holding:
    return Holding(
        unit=unit,
        firm=company.firm,
        held_fen=company.held_by(unit),
        pending_fen=company.pending_of(unit),
        registered_fen=company.registered_fen,
        cost_fen=company.cost_of(unit),
        to_dispose_fen=company.disposal_fen.get(unit, 0),
        valuation=company.valuation,
        dividends_due_fen=dividends_due_fen,
    )
