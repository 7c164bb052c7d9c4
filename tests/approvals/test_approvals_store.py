"""The second wall: what the writer's own role cannot write, few statements for many, who sees what."""

from uuid import UUID

import pytest
from office import AWARD, OTHER_FIRM, UNIT, Office, counted
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.approvals.slice import SLICE
from ledger.assembly import BOOK
from ledger.executor.reading import Reader

STEP = (
    "INSERT INTO approval_step "
    "(book, command, request, version, position, person, maker, content_hash, decision, reason) VALUES "
    "(1, :command, :request, :version, :position, :person, :maker, :content_hash, 'approved', '')"
)


@pytest.fixture
def step(office: Office) -> dict[str, object]:
    """A signature that would be in order, on a request that has one already."""
    award = office.award()["award"]
    office.sign(AWARD, award, "finance")
    request = office.request(AWARD, award)
    return {
        "command": UUID(int=0),
        "request": request.number,
        "version": 1,
        "position": 2,
        "person": office.people["second finance"],
        "maker": request.maker,
        "content_hash": request.content_hash,
    }


def write(office: Office, sql: str, **values: object) -> None:
    with office.database.writer.begin() as connection:
        connection.execute(text(sql), values)


def test_a_signature_in_order_can_be_written(office: Office, step: dict[str, object]) -> None:
    write(office, STEP, **step)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"person": "maker"}, "ck_approval_step_maker_never_signs"),
        ({"person": "maker", "maker": "P-nobody"}, "fk_approval_step_bound"),
        ({"person": "finance"}, "uq_approval_step_person"),
        ({"position": 1}, "approval_step_pkey"),
        ({"content_hash": "0" * 64}, "fk_approval_step_bound"),
        ({"version": 2}, "fk_approval_step_bound"),
        ({"request": f"{AWARD}:none"}, "fk_approval_step_bound"),
    ],
)
def test_the_writer_cannot_sign_out_of_order(
    office: Office, step: dict[str, object], change: dict[str, object], constraint: str
) -> None:
    people = {"maker": step["maker"], "finance": office.people["finance"]}
    values = step | change
    values["person"] = people.get(str(values["person"]), values["person"])

    with pytest.raises(DBAPIError, match=constraint):
        write(office, STEP, **values)


def test_the_writer_cannot_count_one_person_twice(office: Office, step: dict[str, object]) -> None:
    """Not even as somebody for whom another acts."""
    signer = "INSERT INTO approval_signer VALUES (1, :command, :request, 1, :person, 2)"
    write(office, STEP, **step)

    with pytest.raises(DBAPIError, match="approval_signer_pkey"):
        write(office, signer, command=UUID(int=0), request=step["request"], person=office.people["finance"])
    with pytest.raises(DBAPIError, match="fk_approval_signer_step"):
        write(office, signer.replace("2)", "3)"), command=UUID(int=0), request=step["request"], person="P-x")


@pytest.mark.parametrize("table", [table.__tablename__ for table in SLICE.tables])
def test_the_writer_can_only_add(office: Office, table: str) -> None:
    for statement in (f"UPDATE {table} SET book = 1", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DBAPIError, match="permission denied"):
            write(office, statement)


def test_one_or_many_take_the_same_number_of_statements(office: Office) -> None:
    numbers = [f"{AWARD}:{office.award(UNIT, 100 + n)['award']}" for n in range(20)]
    numbers += [f"{AWARD}:none-{n}" for n in range(236)]
    for aggregate in SLICE.aggregates:
        ids = numbers if aggregate.name == "approval" else [f"P-{n} {number}" for n, number in enumerate(numbers)]
        taken = []
        for some in (ids[:1], ids):
            with office.database.writer.connect() as connection, counted(office.database.writer) as statements:
                aggregate.load(Reader(connection, BOOK), some)
                taken.append(len(statements))

        assert taken[0] == taken[1] <= 8, (aggregate.name, taken)


def test_many_requests_are_each_what_they_are_alone(office: Office) -> None:
    awards = [office.award(amount_fen=100 + n)["award"] for n in range(6)]
    for award in awards[:3]:
        office.sign(AWARD, award, "finance")
    numbers = [f"{AWARD}:{award}" for award in awards]
    (aggregate, _) = SLICE.aggregates

    together = office.load(aggregate, *numbers)

    assert together == {number: office.load(aggregate, number)[number] for number in numbers}
    assert [len(together[number].signatures) for number in numbers] == [1, 1, 1, 0, 0, 0]


def test_a_party_sees_no_signatures_and_a_bureau_all(office: Office, step: dict[str, object]) -> None:
    assert step["position"] == 2
    ((every,),) = office.rows("SELECT count(*) FROM approval_step")
    for party, rows in ((OTHER_FIRM, 0), ("*", every)):
        with office.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            assert connection.execute(text("SELECT count(*) FROM approval_step")).scalar() == rows
