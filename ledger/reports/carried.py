"""Budget that was carried over: where it stands, how old it is, and from when on it is surplus."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledger.journal.bulk import run
from policies.kernel.derivation import Cite
from policies.vouchers.budget_years import surplus


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """What is still open under a budget line that was appropriated for an earlier year, in fen of authority."""

    scheme: str
    budget_line: str
    letter_number: str
    """指标文号, under which it was appropriated."""
    appropriated_for: int
    stands_in: int
    """Year whose budget bears it now."""
    document_number: str
    """Of the finance document that carried it there."""
    committed_fen: int
    obligated_fen: int
    surplus_from: date
    """First day on which the law has it managed as surplus (结余), if it is still there."""
    cite: Cite

    def is_surplus(self, on: date) -> bool:
        """To be listed for the finance bureau, which sweeps it; the books do not."""
        return on >= self.surplus_from


def carried_lines(connection: Connection, book: int, known_on: date) -> list[CarriedLine]:
    """Every line with something open in a later year than its own, the oldest first."""
    rows = run(
        connection,
        """
        SELECT l.scheme, l.number, l.letter_number, l.year, x.year, p.document_number, x.committed, x.obligated
          FROM (SELECT a.book, split_part(a.address, ':', 3) AS scheme, split_part(a.address, ':', 4)::int AS year,
                       leg.budget_line,
                       coalesce(sum(leg.fen) FILTER (WHERE a.address LIKE 'budget:committed:%%'), 0)::int8 AS committed,
                       coalesce(sum(leg.fen) FILTER (WHERE a.address LIKE 'budget:obligated:%%'), 0)::int8 AS obligated
                  FROM account a CROSS JOIN LATERAL (
                       SELECT budget_line, amount AS fen FROM transfer WHERE book = a.book AND debit = a.id
                       UNION ALL SELECT budget_line, -amount FROM transfer WHERE book = a.book AND credit = a.id) leg
                 WHERE a.book = %s AND a.address LIKE ANY (ARRAY['budget:committed:%%', 'budget:obligated:%%'])
                 GROUP BY 1, 2, 3, 4) x
          JOIN voucher_appropriation l ON l.book = x.book AND l.number = x.budget_line AND l.year < x.year
          JOIN voucher_year_end e ON e.book = x.book AND e.scheme = x.scheme AND e.year = x.year - 1
          JOIN voucher_year_end_proposal p
            ON p.book = e.book AND p.scheme = e.scheme AND p.year = e.year AND p.version = e.version
         WHERE x.committed + x.obligated > 0
         ORDER BY l.year, l.scheme, l.number
        """,
        [book],
    )
    found = []
    for scheme, line, letter, year, stands_in, document, committed, obligated in rows:
        rule = surplus(year, known_on)
        found.append(
            CarriedLine(
                scheme, line, letter, year, stands_in, document, committed, obligated, rule.first_day, rule.cite
            )
        )
    return found
