"""The store under the rules: few statements for many, a second wall, and who sees which rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from town import COMMISSION, FIRM, HOLDING, INCUBATOR, OTHER_UNIT, SISTER, STRANGER, UNIT, Town

from ledger.assembly import BOOK, House
from ledger.executor.reading import Reader
from ledger.registry.declare_controller import DeclareController
from ledger.registry.declare_relation import DeclareRelation
from ledger.registry.record_certificate import RecordCertificate
from ledger.registry.register_team import RegisterTeam
from ledger.registry.slice import SLICE
from ledger.registry.store import AGGREGATES, PARTIES
from ledger.registry.values import CertificateKind

CODES = [FIRM, SISTER, HOLDING, STRANGER, UNIT, OTHER_UNIT, COMMISSION, INCUBATOR]
PLACE = {"certificate": CertificateKind.PLACE, "paper_number": "证1", "region": "371500"}


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_c: Connection, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", count)


def test_one_or_many_take_the_same_number_of_statements(town: Town) -> None:
    engine = town.database.writer
    for aggregate in AGGREGATES:
        taken = []
        for ids in ([f"{FIRM}:1"], [f"{code}:{n}" for code in CODES for n in range(32)]):
            with engine.connect() as connection, counted(engine) as statements:
                aggregate.load(
                    Reader(connection, BOOK), ids if aggregate.name != "asset-number" else [f"{i}:1" for i in ids]
                )
                if aggregate.follow:
                    aggregate.follow(Reader(connection, BOOK), ids)
                taken.append(len(statements))

        assert len(set(taken)) == 1, (aggregate.name, taken)
        assert taken[0] <= 8, (aggregate.name, taken)


def test_many_parties_are_each_what_they_are_alone(town: Town) -> None:
    town.do(DeclareController, "operator", party=FIRM, controller=HOLDING)
    town.do(DeclareController, "operator", party=SISTER, controller=HOLDING)
    town.do(DeclareRelation, "operator", party=STRANGER, other=UNIT, ground="持股")
    town.do(RecordCertificate, "operator", party=UNIT, valid_from=date(2016, 1, 1), **PLACE)

    with town.database.writer.connect() as connection:
        together = PARTIES.load(Reader(connection, BOOK), [*CODES, "unknown"])

    assert together == {code: town.party(code) for code in CODES}
    assert together[HOLDING].related == {FIRM, SISTER}
    assert together[STRANGER].related == {UNIT}


def test_a_body_is_loaded_with_its_team(town: Town) -> None:
    team = str(town.do(RegisterTeam, "recommender", recommending_body=INCUBATOR, name="团队")["party"])

    with town.database.writer.connect() as connection:
        followed = PARTIES.follow(Reader(connection, BOOK), [team, FIRM])

    assert followed == {team: PARTIES.keys(INCUBATOR)}


ANY = "gen_random_uuid()"
BANK = "'123456789012', '2017-01-01', 'P-1'"
WALLS = {
    "an account set by one person": f"party_account VALUES (1, {ANY}, 'F', 1, 'n', 'b', '12345678', {BANK}, 'P-1')",
    "a number with letters": f"party_account VALUES (1, {ANY}, 'F', 1, 'n', 'b', 'IBAN12345', {BANK}, 'P-2')",
    "an unknown role": f"person_role VALUES (1, {ANY}, 'P-1', 'K', 'king', 1, true, '2017-01-01', 'P-2')",
    "one's own role": f"person_role VALUES (1, {ANY}, 'P-1', 'K', 'finance', 1, true, '2017-01-01', 'P-1')",
    "a mandate for oneself": f"person_mandate VALUES (1, {ANY}, 'P-1', 'P-1', 1, true, '2017-01-01')",
    "a team of nobody": f"party VALUES (1, {ANY}, 'T-1', 'team', 'n', NULL, '2017-01-01')",
    "a code in lower case": f"party VALUES (1, {ANY}, '12100000400000624d', 'unit', 'n', NULL, '2017-01-01')",
    "a party without a name": f"party VALUES (1, {ANY}, '12100000400000624D', 'unit', '', NULL, '2017-01-01')",
    "a relation the wrong way": f"party_relation VALUES (1, {ANY}, 'B', 'A', 1, true, 'g', '2017-01-01')",
    "its own controller": f"party_controller VALUES (1, {ANY}, 'F', 1, 'F', '2017-01-01')",
    "a backdated price": f"tariff VALUES (1, {ANY}, 'I', 'hour', 'external', '2017-01-01', 1, 100, '2017-01-02')",
    "an instrument worth nothing": f"instrument VALUES (1, {ANY}, 'I', 'U', 'n', 'c', 'a', 0, '2017-01-01')",
    "a party twice": f"party SELECT book, {ANY}, code, kind, name, body, registered_on FROM party",
}


def refused(engine: Engine, statement: str, by: type[DBAPIError]) -> bool:
    with engine.connect() as connection:
        try:
            connection.execute(text(statement))
        except by:
            return True
    return False


def test_the_database_refuses_what_the_rules_refuse(town: Town) -> None:
    assert [
        wall for wall, row in WALLS.items() if not refused(town.database.writer, f"INSERT INTO {row}", IntegrityError)
    ] == []


def test_nothing_registered_is_changed(town: Town) -> None:
    for table in SLICE.tables:
        name = table.__tablename__
        for statement in (f"UPDATE {name} SET book = 2", f"DELETE FROM {name}", f"TRUNCATE {name}"):
            assert refused(town.database.writer, statement, ProgrammingError)
            assert refused(town.database.owner, statement, IntegrityError)


def test_what_is_declared_is_seen_by_its_party_only(town: Town) -> None:
    town.do(DeclareRelation, "operator", party=FIRM, other=STRANGER, ground="持股")
    town.do(RecordCertificate, "operator", party=UNIT, valid_from=date(2016, 1, 1), **PLACE)
    high_tech = {"certificate": CertificateKind.HIGH_TECH, "paper_number": "GR1", "valid_from": date(2016, 1, 1)}
    town.do(RecordCertificate, "operator", party=SISTER, **high_tech)

    def seen(party: str, column: str, table: str) -> set[str]:
        with town.database.reader.connect() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            return {value for (value,) in connection.execute(text(f"SELECT {column} FROM {table}"))}

    assert seen(FIRM, "kind", "party_certificate") == {"place-of-business"}, "where a unit works is published"
    assert seen(SISTER, "kind", "party_certificate") == {"place-of-business", "high-tech-enterprise"}
    assert seen("*", "party", "party_certificate") == {SISTER, UNIT}
    assert FIRM in seen(FIRM, "code", "party")
    assert {SISTER, HOLDING} & seen(FIRM, "code", "party") == set()
    assert {UNIT, OTHER_UNIT, INCUBATOR} <= seen(FIRM, "code", "party")
    assert seen("", "code", "party") == set()
    assert seen(FIRM, "person", "person_role") == {town.people["applicant"]}
    assert seen(FIRM, "code", "person") == {town.people["applicant"]}


def test_a_row_that_names_nothing_registered_is_found(town: Town, house: House) -> None:
    rows = (
        f"INSERT INTO person_role VALUES (1, {ANY}, 'P-9', '{UNIT}', 'expert', 1, true, '2017-01-01', 'P-8')",
        f"INSERT INTO party_controller VALUES (1, {ANY}, '{FIRM}', 1, '{SISTER}', '2017-01-01')",
        f"INSERT INTO party_controller VALUES (1, {ANY}, '{SISTER}', 1, '{FIRM}', '2017-01-01')",
    )
    with town.database.owner.connect() as connection:
        for row in rows:
            connection.execute(text(row))
        result = house.verifier().verify(connection, [])

    found = {(fault.check, fault.row) for fault in result.faults}
    assert ("registry.known", "P-9") in found
    assert {("registry.control", FIRM), ("registry.control", SISTER)} <= found


def test_a_circle_in_the_store_does_not_run_for_ever(town: Town) -> None:
    with town.database.owner.begin() as connection:
        for party, controller in ((FIRM, SISTER), (SISTER, FIRM)):
            connection.execute(
                text(f"INSERT INTO party_controller VALUES (1, {ANY}, :party, 1, :controller, '2017-01-01')"),
                {"party": party, "controller": controller},
            )

    assert town.party(FIRM).related == {SISTER}
