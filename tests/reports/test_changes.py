"""The feed of changes: everybody sees what happened to them, in its order, and nothing of anybody else's."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from office import uscc
from programme import COMMISSION, FIRM, OTHER_FIRM, OTHER_UNIT, UNIT, Programme
from sqlalchemy import text

from ledger.assembly import BOOK, Books, house
from ledger.registry.register_bureau import RegisterBureau
from ledger.reports.changes import LOOKED_AT_MAX, START, Change, CursorUnreadable, Page, Place, changes
from ledger.vouchers.reserve import Reserve


def page(programme: Programme, party: str, after: Place = START, limit: int = LOOKED_AT_MAX) -> Page:
    """As the reader role, for a party."""
    with programme.database.reader.begin() as connection:
        connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
        return changes(connection, BOOK, house().attested, after, limit)


def everything(programme: Programme, party: str, limit: int = LOOKED_AT_MAX) -> list[Change]:
    found: list[Change] = []
    after = START
    while True:
        one = page(programme, party, after, limit)
        found += one.changes
        assert one.next > after or not one.more
        after = one.next
        if not one.more:
            return found


def told(found: list[Change], *kinds: str) -> list[tuple[str, str]]:
    """What happened to things of these kinds, in its order."""
    return [(change.what, thing.kind) for change in found for thing in change.things if thing.kind in kinds]


@pytest.fixture
def road(programme: Programme) -> dict[str, str]:
    """One voucher from its application to its payment; another firm has one too."""
    programme.letter()
    voucher = programme.issue()
    other = programme.issue(holder=OTHER_FIRM, by="other applicant")
    contract = programme.accepted(voucher, 10_000_00, 20_000_00)
    claim = programme.file(contract)
    programme.paid(claim)
    return {"voucher": voucher, "other": other, "contract": contract, "claim": claim}


@pytest.mark.usefixtures("road")
def test_a_firm_follows_its_voucher_to_the_payment(programme: Programme) -> None:
    found = everything(programme, FIRM)

    assert told(found, "application", "voucher", "contract") == [
        ("voucher.apply", "application"),
        ("voucher.decide-application", "application"),
        ("approval.approve", "application"),
        ("approval.approve", "voucher"),
        ("voucher.reserve", "contract"),
        ("voucher.accept", "contract"),
    ]
    assert told(found, "bill") == [("fee.issue-bill", "bill")]


@pytest.mark.usefixtures("road")
def test_a_unit_learns_what_others_do_about_its_claim(programme: Programme) -> None:
    found = everything(programme, UNIT)

    assert told(found, "claim", "payable") == [
        ("voucher.file-claim", "claim"),
        ("voucher.review-claim", "claim"),
        ("approval.approve", "claim"),
        ("approval.approve", "payable"),
        ("payment.confirm", "payable"),
    ]


def test_nobody_learns_of_anybody_else_s(programme: Programme, road: dict[str, str]) -> None:
    names = {party: {t.number for c in everything(programme, party) for t in c.things} for party in (FIRM, OTHER_FIRM)}

    assert road["voucher"] in names[FIRM]
    assert road["voucher"] not in names[OTHER_FIRM]
    assert road["other"] in names[OTHER_FIRM]
    assert road["other"] not in names[FIRM]
    assert road["claim"] not in names[FIRM] | names[OTHER_FIRM]
    assert told(everything(programme, OTHER_UNIT), "claim", "contract", "bill", "payable", "voucher") == []
    assert everything(programme, "") == []


def test_a_bureau_sees_all_in_the_order_of_the_chain(programme: Programme, road: dict[str, str]) -> None:
    found = everything(programme, "*")

    assert [change.place for change in found] == sorted(change.place for change in found)
    assert {road["voucher"], road["other"], road["contract"], road["claim"]} <= {
        thing.number for change in found for thing in change.things
    }
    assert found[0].what == "registry.register-bureau"
    assert COMMISSION in {thing.number for thing in found[0].things}
    accepted = programme.rows("SELECT id FROM command WHERE status = 'accepted'")
    assert len(found) <= len(accepted)


@pytest.mark.usefixtures("road")
@pytest.mark.parametrize("limit", [1, 7])
def test_pages_add_up_to_the_whole_though_many_are_empty(programme: Programme, limit: int) -> None:
    assert everything(programme, UNIT, limit) == everything(programme, UNIT)


def test_the_last_page_says_so_and_what_comes_later_follows_it(programme: Programme, road: dict[str, str]) -> None:
    last = page(programme, FIRM)
    assert not last.more
    assert page(programme, FIRM, last.next) == Page((), last.next, more=False)

    programme.reserve(road["voucher"], 1_000_00, 2_000_00)

    (change,) = page(programme, FIRM, last.next).changes
    assert change.what == "voucher.reserve"
    assert change.place > last.next


def test_a_refused_command_is_no_change(programme: Programme, road: dict[str, str]) -> None:
    before = page(programme, FIRM).next

    refusal = programme.refused(Reserve, "applicant", **programme.reservation(road["voucher"], 90_000_00, 200_000_00))

    assert refusal.startswith("OverAvailable")
    assert page(programme, FIRM, before).changes == ()


@pytest.mark.parametrize("cursor", ["", "1", "a.b", "1.-2", "1.99999", "-1.0", "1.0 ", "9" * 40 + ".0", "1.0\n"])
def test_a_cursor_that_nobody_gave_is_refused(cursor: str) -> None:
    with pytest.raises(CursorUnreadable):
        Place.of(cursor)


@pytest.mark.parametrize("place", [START, Place(7, 0), Place(10**12, 255)])
def test_a_cursor_that_was_given_is_read(place: Place) -> None:
    assert Place.of(str(place)) == place


def test_the_feed_keeps_its_order_while_two_processes_write(programme: Programme) -> None:
    """Whoever follows the feed meanwhile sees every change once, in the order of the chain; none slips in behind."""
    start = everything(programme, "*")[-1].place
    written, followed, after = 60, list[Change](), start

    def write(books: Books, name: str) -> None:
        for n in range(written):
            facts = {"code": uscc("11", 500 + 100 * int(name) + n), "name": f"某局{name}-{n}"}
            command = RegisterBureau(tenant=f"writer {name}", key=f"{n}", actor="system", **facts)
            assert books.executor.run(command).accepted

    with Books(programme.database.writer, clock=programme.clock, built=programme.house) as second:
        writers = (programme.books, programme.books, second, second)
        with ThreadPoolExecutor(len(writers)) as pool:
            futures = [pool.submit(write, books, str(n)) for n, books in enumerate(writers)]
            while True:
                over = all(future.done() for future in futures)
                one = page(programme, "*", after, limit=7)
                assert all(change.place > after for change in one.changes)
                followed += one.changes
                after = one.next
                if over and not one.more:
                    break
            for future in futures:
                future.result()

    places = [change.place for change in followed]
    assert places == sorted(set(places))
    assert len(places) == written * len(writers)
    assert followed == [change for change in everything(programme, "*") if change.place > start]
