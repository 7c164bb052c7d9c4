"""All slices put together: one chart, one set of templates, one registry of use cases, one set of books."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Self

from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

from ledger.approvals import slice as approvals
from ledger.bookkeeping.slice import bookkeeping
from ledger.budgets import slice as budgets
from ledger.customs import slice as customs
from ledger.equity import slice as equity
from ledger.evaluation import slice as evaluation
from ledger.executor import tables as executor_tables
from ledger.executor.batch import Batch, Registry
from ledger.executor.clock import Clock, SystemClock
from ledger.executor.executor import Executor
from ledger.executor.faults import Faults
from ledger.executor.personal import check_personal
from ledger.executor.reading import Aggregates
from ledger.executor.rehearsal import Rehearsal
from ledger.executor.slices import Content, Slice
from ledger.executor.together import Together
from ledger.fees import slice as fees
from ledger.journal.accounts import Chart
from ledger.journal.anchors import ANCHOR_EVERY, Anchors, anchor_head
from ledger.journal.post import Journal
from ledger.journal.tables import ATTESTED, EventRow
from ledger.journal.templates import Templates
from ledger.journal.verify import Verifier
from ledger.obligations import slice as obligations
from ledger.payments import slice as payments
from ledger.registry import slice as registry
from ledger.subsidies import slice as subsidies
from ledger.vouchers import slice as vouchers
from policies.calculators import differences
from policies.kernel.policies import Policies

BOOK = 1
BOOK_CODE = "main"
"""The one book of a city; a second city would be a second book."""

metadata = SQLModel.metadata
assert executor_tables.PersonalTable.metadata is metadata


@dataclass(frozen=True)
class House:
    """Everything the slices declare, put together once."""

    slices: tuple[Slice, ...]

    @cached_property
    def chart(self) -> Chart:
        return Chart(*(part.accounts for part in self.slices))

    @cached_property
    def templates(self) -> Templates:
        return Templates(*(part.templates for part in self.slices))

    @property
    def attested(self) -> tuple[type[EventRow], ...]:
        return (*ATTESTED, *(table for part in self.slices for table in part.tables))

    @cached_property
    def contents(self) -> Mapping[str, Content]:
        """What signers are shown, by kind of subject."""
        declared = [item for part in self.slices for item in part.contents.items()]
        found = dict(declared)
        if len(found) != len(declared):
            raise ValueError("two slices ask for approval of one kind of subject")
        return found

    def registry(self) -> Registry:
        return Registry(
            [use_case for part in self.slices for use_case in part.use_cases],
            [reaction for part in self.slices for reaction in part.reactions],
            Aggregates(aggregate for part in self.slices for aggregate in part.aggregates),
        )

    def verifier(self) -> Verifier:
        return Verifier(
            BOOK,
            BOOK_CODE,
            self.chart,
            self.templates,
            self.attested,
            tuple(law for part in self.slices for law in part.laws),
            differences,
            (check_personal,),
        )


@cache
def house() -> House:
    """The house of this release."""
    return House(
        (
            registry.SLICE,
            bookkeeping(lambda: house().chart),
            approvals.SLICE,
            payments.SLICE,
            obligations.SLICE,
            fees.SLICE,
            evaluation.SLICE,
            vouchers.SLICE,
            subsidies.SLICE,
            customs.SLICE,
            equity.SLICE,
            budgets.SLICE,  # last: a budget year is ended when nothing else of it is unfinished
        )
    )


class Books:
    """One book, open for commands in this process; signs a head at least every thousand blocks and when it closes."""

    def __init__(
        self,
        engine: Engine,
        anchors: Anchors | None = None,
        clock: Clock | None = None,
        faults: Faults | None = None,
        built: House | None = None,
        policies: Callable[..., Policies] = Policies,
    ) -> None:
        built = built or house()
        clock = clock or SystemClock()
        faults = faults or Faults()
        self._engine = engine
        self._anchors = anchors
        self._anchored = anchors.last_block(BOOK_CODE) if anchors else 0
        registry = built.registry()

        def new_batch() -> Batch:
            """Each with a journal of its own: one is not shared between threads."""
            journal = Journal(BOOK, BOOK_CODE, built.chart, built.templates, clock.now)
            return Batch(journal, registry, policies, faults)

        self.executor = Executor(engine, new_batch(), clock, faults, self._anchor_when_due)
        self.rehearsal = Rehearsal(engine, new_batch, clock)
        self.together = Together(engine, new_batch, clock, self._anchor_after_many)

    def _anchor_when_due(self, connection: Connection, block: int, closing: bool) -> None:  # noqa: FBT001  the executor's word
        """At least every thousand blocks, and whenever a period or an account was closed."""
        if self._anchors and (closing or block - self._anchored >= ANCHOR_EVERY):
            anchor = anchor_head(connection, BOOK, BOOK_CODE, self._anchors)
            self._anchored = anchor["block"] if anchor else self._anchored

    def _anchor_after_many(self, connection: Connection, block: int) -> None:
        self._anchor_when_due(connection, block, closing=False)

    def anchor(self) -> None:
        """Sign the newest head now."""
        if self._anchors:
            with self._engine.connect() as connection:
                anchor_head(connection, BOOK, BOOK_CODE, self._anchors)

    def close(self) -> None:
        self.executor.close()
        self.anchor()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
