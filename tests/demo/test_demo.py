"""The demo: what is printed is what the books say, and the books say what was published."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from databases import Cluster, Database
from typer.testing import CliRunner

from api.cli.main import build
from ledger.assembly import BOOK, Books, house
from ledger.database.engine import read_only_session
from ledger.demo.jinyun import COMMISSION, SCHEME, YEAR, Year, commands_in
from ledger.demo.plan import Plan, plan
from ledger.demo.stage import Stage
from ledger.executor.clock import CITY, SimulatedClock
from ledger.journal.anchors import Anchors
from ledger.journal.balances import trial_balance
from ledger.reports.budget import budget_standing
from ledger.reports.programme import ProgrammeTotals, programme_totals
from ledger.reports.voucher_life import liveliest_voucher, voucher_life
from policies.vouchers.published import published

PUBLISHED = published(SCHEME)


def tell(database: Database, planned: Plan, anchors: Path | None = None) -> int:
    """Live a year; how many commands it took."""
    counted = [0]
    clock = SimulatedClock(datetime(YEAR, 1, 1, tzinfo=CITY))
    with Books(database.writer, Anchors.at(anchors) if anchors else None, clock) as books:
        Year(Stage(books.executor, clock, counted.append), planned).tell()
    return sum(counted)


def totals(database: Database) -> ProgrammeTotals:
    with read_only_session(database.writer) as session:
        return programme_totals(session.connection(), BOOK, SCHEME, YEAR)


@pytest.fixture(scope="module")
def jinyun(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with cluster.database() as database:
        assert tell(database, plan(PUBLISHED), tmp_path_factory.mktemp("demo") / "anchors") == commands_in(
            plan(PUBLISHED)
        )
        yield database


def test_the_books_say_what_was_published(jinyun: Database) -> None:
    computed = totals(jinyun)

    assert computed == ProgrammeTotals(
        issued_fen=181_820_000, used_fen=170_380_000, redeemed_fen=164_880_000, carriers=30, firms=55, projects=112
    )
    assert computed.issued_fen == PUBLISHED.issued_fen


def test_the_whole_year_verifies(jinyun: Database) -> None:
    with read_only_session(jinyun.writer) as session:
        found = house().verifier().verify(session.connection(), [])

    assert found.ok, found.faults
    assert found.entries > 1_000


def test_every_road_is_walked(jinyun: Database) -> None:
    """Partial use, acceptance below the contract, expiry, accepted and not yet paid."""
    planned = plan(PUBLISHED)
    with read_only_session(jinyun.writer) as session:
        standing = {b.bucket: b.fen for b in budget_standing(session.connection(), BOOK, SCHEME, YEAR)}

    assert sum(p.reserved_fen > p.accepted_fen for p in planned.projects) == 20
    assert sum(v.face_fen > sum(p.reserved_fen for p in v.projects) for v in planned.vouchers if v.projects) == 15
    assert sum(not v.projects for v in planned.vouchers) == 3
    assert standing["obligated"] == PUBLISHED.used_fen - PUBLISHED.redeemed_fen
    assert standing["expended"] == PUBLISHED.redeemed_fen
    assert standing["appropriated"] == sum(fen for bucket, fen in standing.items() if bucket != "appropriated")


def test_each_party_is_in_balance_by_itself(jinyun: Database) -> None:
    sums: dict[tuple[str, str], int] = {}
    with read_only_session(jinyun.writer) as session:
        for line in trial_balance(session.connection(), BOOK):
            entity = line.entity if line.asset.startswith("CNY") else "*"
            sums[entity, line.asset] = sums.get((entity, line.asset), 0) + line.debits - line.credits

    assert set(sums.values()) == {0}
    assert len({entity for entity, asset in sums if asset == "CNY"}) == 31


def test_a_vouchers_life_is_told_in_order(jinyun: Database) -> None:
    with read_only_session(jinyun.writer) as session:
        voucher = liveliest_voucher(session.connection(), BOOK, SCHEME, YEAR)
        assert voucher
        life = voucher_life(session.connection(), BOOK, voucher, house().templates.by_name)

    assert life[0].template == "voucher.issue"
    assert [entry.seq for entry in life] == sorted(entry.seq for entry in life)
    for entry in life:
        for asset in {line.asset for line in entry.lines}:
            assert sum(x.debit for x in entry.lines if x.asset == asset) == sum(
                x.credit for x in entry.lines if x.asset == asset
            )


def test_one_amount_changed_is_seen(database: Database) -> None:
    """The computed figures come from the books and not from the plan."""
    planned = plan(PUBLISHED)
    first = planned.vouchers[0]
    project = first.projects[0]
    less = replace(project, accepted_fen=project.accepted_fen - 1)
    changed = replace(planned, vouchers=(replace(first, projects=(less, *first.projects[1:])), *planned.vouchers[1:]))

    tell(database, changed)

    computed = totals(database)
    assert computed.used_fen == PUBLISHED.used_fen - 1
    assert computed.redeemed_fen == PUBLISHED.redeemed_fen - 1
    assert computed.issued_fen == PUBLISHED.issued_fen


def test_a_year_cut_short_goes_on_where_it_stopped(database: Database) -> None:
    """Every key follows from the plan: told again, what was done is answered, what was not is done."""
    planned = plan(PUBLISHED)

    class Cut(Exception):
        pass

    def stop(counted: list[int] = []) -> None:  # noqa: B006  counts over calls on purpose
        counted.append(1)
        if len(counted) == 30:
            raise Cut

    clock = SimulatedClock(datetime(YEAR, 1, 1, tzinfo=CITY))
    with pytest.raises(Cut), Books(database.writer, None, clock) as books:
        Year(Stage(books.executor, clock, lambda _: stop()), planned).tell()
    tell(database, planned)

    assert totals(database).redeemed_fen == PUBLISHED.redeemed_fen


def test_the_command_prints_one_object_and_does_no_harm_the_second_time(tmp_path: Path) -> None:
    words = ["demo", "--data", str(tmp_path / "books"), "--json"]

    first, second = (CliRunner().invoke(build(words), words) for _ in range(2))

    assert first.exit_code == second.exit_code == 0, (first.output, first.exception)
    told, again = json.loads(first.stdout), json.loads(second.stdout)
    assert told["fresh"] is True
    assert again["fresh"] is False
    assert told["computed"] == told["published"] == again["computed"]
    assert told["verify"]["ok"] is again["verify"]["ok"] is True
    assert told["verify"]["entries"] == again["verify"]["entries"]
    assert set(told) == {"programme", "published", "computed", "verify", "seconds", "fresh"}


def test_the_demos_organisations_cannot_exist() -> None:
    assert COMMISSION[2:8] == "999999"
