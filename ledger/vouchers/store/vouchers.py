"""Vouchers with what is available of each."""

from collections.abc import Collection, Mapping

from ledger.budgets.store import carried_to
from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.registry.store import PARTIES
from ledger.vouchers.last_days import EXPIRES_ON, EXTENSIONS
from ledger.vouchers.store.standing import standing
from ledger.vouchers.values import Revocation, RevocationGround, Voucher


def load_vouchers(reader: Reader, numbers: Collection[str]) -> Mapping[str, Voucher]:
    """Vouchers with what is available of each, in two statements."""
    wanted = list(numbers)
    available = standing(reader, [f"vouchers:available:{number}" for number in wanted])
    return {
        row[0]: Voucher(
            **dict(zip(_VOUCHER_FIELDS, row, strict=False)),
            available_fen=available.get(f"vouchers:available:{row[0]}", 0),
            revocation=Revocation(row[-3], RevocationGround(row[-2]), row[-1]) if row[-1] else None,
        )
        for row in reader.rows(
            f"SELECT v.number, v.scheme, v.year, {carried_to('v.book', 'v.scheme', 'v.year')}, v.holder, v.controller, "  # noqa: S608  our own words
            f"v.operator, v.budget_line, v.face_fen, v.denomination_fen, v.issued_on, {EXPIRES_ON}, e.expired_on, "
            f"{EXTENSIONS}, r.decision_number, r.ground, r.revoked_on "
            "FROM voucher v "
            "LEFT JOIN voucher_expiry e ON e.book = v.book AND e.voucher = v.number "
            "LEFT JOIN voucher_revocation r ON r.book = v.book AND r.voucher = v.number "
            "WHERE v.book = %s AND v.number = ANY(%s)",
            reader.book,
            wanted,
        )
    }


_VOUCHER_FIELDS = (
    "number",
    "scheme",
    "year",
    "budget_year",
    "holder",
    "controller",
    "operator",
    "budget_line",
    "face_fen",
    "denomination_fen",
    "issued_on",
    "expires_on",
    "expired_on",
    "extensions",
)


def follow_vouchers(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its holder, and with a team the body that acts for it."""
    return {
        number: PARTIES.keys(holder)
        for number, holder in reader.rows(
            "SELECT number, holder FROM voucher WHERE book = %s AND number = ANY(%s)", reader.book, list(numbers)
        )
    }


VOUCHERS = Aggregate[Voucher]("voucher", load_vouchers, follow_vouchers, what="创新券/voucher")
