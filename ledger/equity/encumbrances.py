"""Which agreements name an instrument, and what of its use was counted: what customs asks of goods it supervises."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.database.walls import past_the_walls
from ledger.equity.store import AGREEMENTS
from ledger.equity.values import AgreementState
from ledger.executor.reading import Reader


@dataclass(frozen=True, slots=True)
class Encumbrance:
    """An agreement that names an instrument."""

    agreement: str
    firm: str
    state: AgreementState
    signed_on: date | None
    supervised_uses: int
    """Uses that count under it though a day of them is supervised: an import was recorded after they were counted."""
    supervised_fee_fen: int
    """What the bills charge for these, VAT included."""


def encumbrances(reader: Reader, instruments: Sequence[str]) -> Mapping[str, tuple[Encumbrance, ...]]:
    """For every instrument asked; past the walls: the caller sees the goods, and of agreements what is said here."""
    with past_the_walls(reader.connection):
        named: dict[str, list[str]] = defaultdict(list)
        for instrument, agreement in reader.rows(
            "SELECT DISTINCT i.instrument, i.agreement FROM equity_agreement_instrument i "
            "WHERE i.book = %s AND i.instrument = ANY(%s) AND i.version = (SELECT max(v.version) "
            "FROM equity_agreement v WHERE v.book = i.book AND v.number = i.agreement) ORDER BY 1, 2",
            reader.book,
            list(instruments),
        ):
            named[instrument].append(agreement)
        agreements = AGREEMENTS.load(reader, {one for numbers in named.values() for one in numbers}) if named else {}
        counted = {
            (instrument, agreement): (uses, fen)
            for instrument, agreement, uses, fen in reader.rows(
                "SELECT u.instrument, a.agreement, count(DISTINCT u.recorded_use), "
                "  sum(u.amount_fen)::int8 FROM equity_accrual_use u "
                "JOIN equity_accrual a ON a.book = u.book AND a.number = u.accrual "
                "WHERE u.book = %s AND u.instrument = ANY(%s) AND EXISTS (SELECT FROM instrument_supervision v "
                "  WHERE v.book = u.book AND v.instrument = u.instrument AND v.since <= u.last_on "
                "  AND v.until >= u.first_on) "
                "AND NOT EXISTS (SELECT FROM equity_accrual_release r WHERE r.book = a.book AND r.accrual = a.number) "
                "GROUP BY 1, 2",
                reader.book,
                list(instruments),
            )
        }
    return {
        instrument: tuple(
            Encumbrance(
                agreement=number,
                firm=agreements[number].firm,
                state=agreements[number].state,
                signed_on=agreements[number].signed_on,
                supervised_uses=counted.get((instrument, number), (0, 0))[0],
                supervised_fee_fen=counted.get((instrument, number), (0, 0))[1],
            )
            for number in named[instrument]
        )
        for instrument in instruments
    }
