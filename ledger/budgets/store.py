"""Budgets as posted, the year whose budget bears something, budget letters and their numbers."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.budgets.values import Appropriation, AppropriationState, Budget, BudgetLine, LineFields, Nature
from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader


def budget_id(scheme: str, year: int) -> str:
    return f"{scheme}:{year}"


def load_budgets(reader: Reader, ids: Collection[str]) -> Mapping[str, Budget]:
    """Budgets that were appropriated, with what is available under each line, in three statements."""
    wanted = list(ids)
    lines: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for id_, operator, line in reader.rows(
        "SELECT a.scheme || ':' || a.year, a.operator, a.number FROM voucher_appropriation a "
        "JOIN voucher_appropriation_end e ON e.book = a.book AND e.appropriation = a.number AND e.outcome = 'posted' "
        "WHERE a.book = %s AND a.nature = 'appropriate' AND a.scheme || ':' || a.year = ANY(%s) "
        "ORDER BY e.ended_on, a.number",
        reader.book,
        wanted,
    ):
        lines[id_].append((operator, line))
    available: dict[tuple[str, str], int] = {
        (address, line): fen
        for address, line, fen in reader.rows(
            "SELECT a.address, leg.budget_line, sum(leg.fen)::int8 FROM account a CROSS JOIN LATERAL ("
            "  SELECT budget_line, amount AS fen FROM transfer WHERE book = a.book AND debit = a.id"
            "  UNION ALL SELECT budget_line, -amount FROM transfer WHERE book = a.book AND credit = a.id) leg "
            "WHERE a.book = %s AND a.address = ANY(%s) GROUP BY 1, 2",
            reader.book,
            [f"budget:available:{id_}" for id_ in wanted],
        )
    }
    ended: dict[str, date] = dict(
        reader.rows(
            "SELECT scheme || ':' || year, ended_on FROM voucher_year_end "
            "WHERE book = %s AND scheme || ':' || year = ANY(%s)",
            reader.book,
            wanted,
        )
    )
    found = {}
    for id_, posted in lines.items():
        scheme, year = id_.rsplit(":", 1)
        found[id_] = Budget(
            scheme=scheme,
            year=int(year),
            operator=posted[0][0],
            lines=tuple(BudgetLine(line, available.get((f"budget:available:{id_}", line), 0)) for _, line in posted),
            ended_on=ended.get(id_),
        )
    return found


def carried_to(book: str, scheme: str, year: str, before: str = "") -> str:
    """SQL for the year in which the open budget of a year stands now, or stood before a block: itself or a later one.

    Years end in their order, each of them once and with all that is open; so it follows from which ones have ended.

    Args:
        book: SQL for the number of the book.
        scheme: SQL for the scheme.
        year: SQL for the year it began in.
        before: SQL for the number of a block; every year's end has one of its own.
    """

    def ended(row: str) -> str:
        if not before:
            return "true"
        return f"(SELECT q.block FROM command q WHERE q.book = {row}.book AND q.id = {row}.command) < {before}"  # noqa: S608  our own words

    return f"""coalesce((
        SELECT min(e.year) + 1 FROM voucher_year_end e
         WHERE e.book = {book} AND e.scheme = {scheme} AND e.year >= {year} AND {ended("e")}
           AND NOT EXISTS (SELECT FROM voucher_year_end n WHERE n.book = e.book AND n.scheme = e.scheme
                              AND n.year = e.year + 1 AND {ended("n")})), {year})"""  # noqa: S608  our own words


def load_appropriations(reader: Reader, numbers: Collection[str]) -> Mapping[str, Appropriation]:
    rows = reader.rows(
        "SELECT a.number, a.scheme, a.year, a.operator, a.nature, a.letter_number, a.budget_line, a.amount_fen, "
        "a.proposed_on, e.outcome, a.project_code, a.functional_class, a.economic_class, a.funding_source, "
        "a.plan_stage "
        "FROM voucher_appropriation a "
        "LEFT JOIN voucher_appropriation_end e ON e.book = a.book AND e.appropriation = a.number "
        "WHERE a.book = %s AND a.number = ANY(%s)",
        reader.book,
        list(numbers),
    )
    return {
        number: Appropriation(
            number=number,
            scheme=scheme,
            year=year,
            operator=operator,
            nature=Nature(nature),
            letter_number=letter,
            budget_line=line,
            amount_fen=amount,
            fields=None if nature == Nature.CUT else LineFields(*fields),
            proposed_on=proposed_on,
            state=AppropriationState(outcome or AppropriationState.PROPOSED),
        )
        for number, scheme, year, operator, nature, letter, line, amount, proposed_on, outcome, *fields in rows
    }


def follow_appropriations(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The budget it changes."""
    return {
        number: BUDGET_CHANGES.keys(budget_id(scheme, year))
        for number, scheme, year in reader.rows(
            "SELECT number, scheme, year FROM voucher_appropriation WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


@dataclass(frozen=True, slots=True)
class Letter:
    """What is known of a budget letter by its number."""

    attempts: int = 0
    live: str | None = None
    """The appropriation it was recorded as, proposed or posted; None: free to be proposed."""


def letter_id(scheme: str, year: int, letter_number: str) -> str:
    return f"{scheme}:{year}:{letter_number}"


def load_letters(reader: Reader, ids: Collection[str]) -> Mapping[str, Letter]:
    """For every letter asked, recorded or not."""
    found = dict.fromkeys(ids, Letter())
    for id_, attempts, number, outcome in reader.rows(
        "SELECT DISTINCT ON (1) a.scheme || ':' || a.year || ':' || a.letter_number, a.attempt, a.number, e.outcome "
        "FROM voucher_appropriation a "
        "LEFT JOIN voucher_appropriation_end e ON e.book = a.book AND e.appropriation = a.number "
        "WHERE a.book = %s AND a.scheme || ':' || a.year || ':' || a.letter_number = ANY(%s) "
        "ORDER BY 1, a.attempt DESC",
        reader.book,
        list(ids),
    ):
        found[id_] = Letter(attempts, None if outcome == AppropriationState.REFUSED else number)
    return found


BUDGETS = Aggregate[Budget]("voucher-budget", load_budgets, what="预算/budget", locked=False)
"""By `budget_id(scheme, year)`; the journal keeps the account from being overdrawn."""
BUDGET_CHANGES = Aggregate[Budget]("voucher-budget-change", load_budgets, what="预算/budget")
"""The same, locked, by whoever takes from one of its lines: the journal knows no limit per line."""
APPROPRIATIONS = Aggregate[Appropriation](
    "voucher-appropriation", load_appropriations, follow_appropriations, what="指标文件/budget letter"
)
LETTERS = Aggregate[Letter]("voucher-letter", load_letters, what="指标文号/letter number")
