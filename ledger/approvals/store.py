"""Tables of requests, signatures and interests, and how requests are loaded."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from ledger.approvals.values import Decision, Request, Signature, Stage
from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.journal.tables import EventRow
from ledger.registry.store import load_people
from ledger.registry.values import Person, Role


class ApprovalRequestTable(EventRow, table=True):
    """One version of what is to be approved."""

    __tablename__ = "approval_request"
    tells_of = ("approval", "number")
    __table_args__ = (
        Index("uq_approval_request_bound", "number", "version", "maker", "content_hash", "book", unique=True),
    )

    number: str = Field(primary_key=True)
    """`<subject kind>:<subject>`"""
    version: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    subject_kind: str
    subject: str
    content_hash: str
    maker: str
    stages: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    """In order: `{"role": …, "count": …}`."""
    concerns: list[str] = Field(sa_column=Column(JSONB, nullable=False))
    """Codes of the parties that gain."""


class ApprovalStepTable(EventRow, table=True):
    """One person's decision on one version.

    The maker stands here too, bound to the request by a foreign key, so that a CHECK can keep the two people apart.
    """

    __tablename__ = "approval_step"
    tells_of = ("approval", "request")
    __table_args__ = (
        Index("uq_approval_step_person", "request", "version", "person", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "request", "version", "maker", "content_hash"],
            [
                "approval_request.book",
                "approval_request.number",
                "approval_request.version",
                "approval_request.maker",
                "approval_request.content_hash",
            ],
            name="fk_approval_step_bound",
        ),
        CheckConstraint("person <> maker", name="maker_never_signs"),
    )

    request: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    """1 for the first signature, and so on."""
    person: str
    maker: str
    content_hash: str
    decision: str
    reason: str


class ApprovalSignerTable(EventRow, table=True):
    """Every natural person who counts in a signature: the signer and those for whom it acts. Each only once."""

    __tablename__ = "approval_signer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "request", "version", "position"],
            ["approval_step.book", "approval_step.request", "approval_step.version", "approval_step.position"],
            name="fk_approval_signer_step",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    request: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    person: str = Field(primary_key=True)
    position: int = Field(sa_type=SmallInteger)


class ApprovalLapseTable(EventRow, table=True):
    """What was to be approved was taken back before everybody had signed: nobody is asked any more."""

    __tablename__ = "approval_lapse"
    tells_of = ("approval", "request")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "request", "version"],
            ["approval_request.book", "approval_request.number", "approval_request.version"],
            name="fk_approval_lapse_request",
        ),
    )

    request: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    reason: str


class ApprovalInterestTable(EventRow, table=True):
    """A person's interest in a request or in a party: it keeps the person from signing."""

    __tablename__ = "approval_interest"
    __table_args__ = (Index("ix_approval_interest_book_about", "about", "book"),)

    person: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    """A request's number, or a party's code."""
    nature: str
    declared_by: str


def load_requests(reader: Reader, numbers: Collection[str]) -> Mapping[str, Request]:
    """The latest version of each, in four statements however many there are."""
    wanted = list(numbers)
    latest = {
        (number, version): rest
        for number, version, *rest in reader.rows(
            "SELECT DISTINCT ON (r.number) r.number, r.version, l.request IS NOT NULL, subject_kind, subject, "
            "content_hash, maker, stages, concerns FROM approval_request r "
            "LEFT JOIN approval_lapse l ON l.book = r.book AND l.request = r.number AND l.version = r.version "
            "WHERE r.book = %s AND r.number = ANY(%s) ORDER BY r.number, r.version DESC",
            reader.book,
            wanted,
        )
    }
    signatures = _signatures(reader, wanted)
    counted = _counted(reader, wanted)
    people = load_people(
        reader, {rest[4] for rest in latest.values()} | {s.person for given in signatures.values() for s in given}
    )
    interests = _interests(reader, {*wanted, *(party for rest in latest.values() for party in rest[-1])})
    return {
        number: Request(
            subject_kind,
            subject,
            version,
            content_hash,
            maker,
            tuple(Stage(Role(stage["role"]), stage["count"]) for stage in stages),
            frozenset(concerns),
            tuple(signatures[number, version]),
            _all_counted(maker, signatures[number, version], people) | counted[number, version],
            frozenset(person for about in (number, *concerns) for person in interests[about]),
            lapsed,
        )
        for (number, version), (lapsed, subject_kind, subject, content_hash, maker, stages, concerns) in latest.items()
    }


def _signatures(reader: Reader, numbers: list[str]) -> dict[tuple[str, int], list[Signature]]:
    found: dict[tuple[str, int], list[Signature]] = defaultdict(list)
    for request, version, person, decision, reason in reader.rows(
        "SELECT request, version, person, decision, reason FROM approval_step "
        "WHERE book = %s AND request = ANY(%s) ORDER BY request, version, position",
        reader.book,
        numbers,
    ):
        found[request, version].append(Signature(person, Decision(decision), reason))
    return found


def _counted(reader: Reader, numbers: list[str]) -> dict[tuple[str, int], set[str]]:
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    for request, version, person in reader.rows(
        "SELECT request, version, person FROM approval_signer WHERE book = %s AND request = ANY(%s)",
        reader.book,
        numbers,
    ):
        found[request, version].add(person)
    return found


def _interests(reader: Reader, about: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for thing, person in reader.rows(
        "SELECT about, person FROM approval_interest WHERE book = %s AND about = ANY(%s)", reader.book, sorted(about)
    ):
        found[thing].add(person)
    return found


def _all_counted(maker: str, signatures: list[Signature], people: Mapping[str, Person]) -> frozenset[str]:
    return frozenset().union(*(_counts(person, people) for person in (maker, *(s.person for s in signatures))))


def _counts(person: str, people: Mapping[str, Person]) -> frozenset[str]:
    """A person with everybody it acts for today; one that is not registered counts as itself."""
    return people[person].counts_as if person in people else frozenset({person})


def interest_name(person: str, about: str) -> str:
    return f"{person} {about}"


def load_interests(reader: Reader, names: Collection[str]) -> Mapping[str, str]:
    """Nature of each interest that is on record, by `interest_name`."""
    people, about = zip(*(name.split(" ", 1) for name in names), strict=True)
    return {
        interest_name(person, thing): nature
        for person, thing, nature in reader.rows(
            "SELECT person, about, nature FROM approval_interest "
            "JOIN unnest(%s::text[], %s::text[]) AS w (person, about) USING (person, about) WHERE book = %s",
            list(people),
            list(about),
            reader.book,
        )
    }


APPROVALS = Aggregate[Request]("approval", load_requests, what="审批事项/request for approval")
"""By `request_number(subject_kind, subject)`."""
INTERESTS = Aggregate[str]("approval-interest", load_interests, what="利害关系/interest")
"""By `interest_name(person, about)`."""
