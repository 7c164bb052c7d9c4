"""Lists of vouchers issued before the books began, and which old numbers are recorded."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from ledger.budgets.store import BUDGET_CHANGES, budget_id
from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.registry.store import PARTIES
from ledger.vouchers.opening import ListState, Opening, OpeningList

_FIELDS = (
    "number",
    "list_number",
    "scheme",
    "year",
    "operator",
    "holder",
    "body",
    "controller",
    "legacy_number",
    "budget_line",
    "face_fen",
    "redeemed_fen",
    "open_fen",
    "denomination_fen",
    "issued_on",
    "expires_on",
)


def load_list_states(reader: Reader, lists: Collection[str]) -> Mapping[str, ListState]:
    """For every list asked, begun or not."""
    found = dict.fromkeys(lists, ListState.RECORDING)
    for number, outcome in reader.rows(
        "SELECT l.list_number, e.outcome FROM voucher_opening_list l "
        "LEFT JOIN voucher_opening_list_end e ON e.book = l.book AND e.list_number = l.list_number "
        "WHERE l.book = %s AND l.list_number = ANY(%s)",
        reader.book,
        list(lists),
    ):
        found[number] = ListState(outcome or ListState.PROPOSED)
    return found


def load_lists(reader: Reader, lists: Collection[str]) -> Mapping[str, OpeningList]:
    states = load_list_states(reader, lists)
    openings: dict[str, list[Opening]] = defaultdict(list)
    for row in reader.rows(
        f"SELECT {', '.join(_FIELDS)} FROM voucher_opening "  # noqa: S608  our own words
        "WHERE book = %s AND list_number = ANY(%s) ORDER BY list_number, scheme, legacy_number",
        reader.book,
        list(lists),
    ):
        one = Opening(**dict(zip(_FIELDS, row, strict=True)))
        openings[one.list_number].append(one)
    return {
        number: OpeningList(number=number, openings=tuple(openings[number]), state=states[number])
        for number in lists
        if openings[number]
    }


def follow_posted(reader: Reader, lists: Collection[str]) -> Mapping[str, Keys]:
    """What signing a list touches: the list, its budgets, its holders."""
    found: dict[str, Keys] = {number: OPENING_LISTS.keys(number) for number in lists}
    for number, scheme, year, holder in reader.rows(
        "SELECT DISTINCT list_number, scheme, year, holder FROM voucher_opening "
        "WHERE book = %s AND list_number = ANY(%s)",
        reader.book,
        list(lists),
    ):
        found[number] |= BUDGET_CHANGES.keys(budget_id(scheme, year)) | PARTIES.keys(holder)
    return found


def old_number_id(scheme: str, legacy_number: str) -> str:
    """Under which a voucher is locked and looked up by the number it had before the books began."""
    return f"{scheme} {legacy_number}"


def load_old_numbers(reader: Reader, ids: Collection[str]) -> Mapping[str, str]:
    """The record of each old number, unless its list was refused."""
    schemes, numbers = zip(*(id_.split(" ", 1) for id_ in ids), strict=True)
    return {
        old_number_id(scheme, legacy_number): opening
        for scheme, legacy_number, opening in reader.rows(
            "SELECT o.scheme, o.legacy_number, o.number FROM unnest(%s::text[], %s::text[]) AS w (scheme, number) "
            "JOIN voucher_opening o ON o.book = %s AND o.scheme = w.scheme AND o.legacy_number = w.number "
            "WHERE NOT EXISTS (SELECT FROM voucher_opening_list_end e "
            "WHERE e.book = o.book AND e.list_number = o.list_number AND e.outcome = 'refused')",
            list(schemes),
            list(numbers),
            reader.book,
        )
    }


LIST_STATES = Aggregate[ListState]("voucher-opening-list-state", load_list_states, what="期初清单/opening list")
"""By list, locked: nothing is added to a list while it is proposed."""
OPENING_LISTS = Aggregate[OpeningList]("voucher-opening-list", load_lists, what="期初清单/opening list", locked=False)
"""By list, with every line; whoever changes it locks its state."""
OPENINGS_POSTED = Aggregate[None](
    "voucher-opening-posted", lambda _reader, _ids: {}, follow_posted, what="期初清单/opening list", locked=False
)
"""By list: leads to what its signature touches."""
OLD_NUMBERS = Aggregate[str]("voucher-old-number", load_old_numbers, what="原券号/old number")
"""By `old_number_id`, locked: an old number is recorded once."""
