"""Applications, and what was issued and granted towards each cap."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from ledger.budgets.store import BUDGET_CHANGES, BUDGETS, budget_id
from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.registry.store import PARTIES
from ledger.vouchers.states import ApplicationState
from ledger.vouchers.values import Application, CapUse, YearUse
from policies.vouchers.schemes import counted_with

_APPLICATION_STATES = {
    None: ApplicationState.SUBMITTED,
    "granted": ApplicationState.GRANTED,
    "returned": ApplicationState.SUBMITTED,
    "issued": ApplicationState.ISSUED,
    "rejected": ApplicationState.REJECTED,
}


def load_applications(reader: Reader, numbers: Collection[str]) -> Mapping[str, Application]:
    """Applications with their steps, in two statements."""
    wanted = list(numbers)
    steps: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for application, *rest in reader.rows(
        "SELECT application, step, granted_fen, calculation, citation FROM voucher_application_step "
        "WHERE book = %s AND application = ANY(%s) ORDER BY application, position",
        reader.book,
        wanted,
    ):
        steps[application].append(tuple(rest))
    return {
        number: _application(steps[number], number, *rest)
        for number, *rest in reader.rows(
            "SELECT number, scheme, year, holder, controller, requested_fen, purpose, applied_on "
            "FROM voucher_application WHERE book = %s AND number = ANY(%s)",
            reader.book,
            wanted,
        )
    }


def _application(steps: list[tuple[Any, ...]], *columns: Any) -> Application:  # noqa: ANN401  columns of a row
    number, scheme, year, holder, controller, requested, purpose, applied_on = columns
    grants = [rest for step, *rest in steps if step == "granted"]
    granted_fen, calculation, citation = grants[-1] if grants else (None, None, "")
    return Application(
        number=number,
        scheme=scheme,
        year=year,
        holder=holder,
        controller=controller,
        requested_fen=requested,
        purpose=purpose,
        applied_on=applied_on,
        state=_APPLICATION_STATES[steps[-1][0] if steps else None],
        steps=len(steps),
        grants=len(grants),
        granted_fen=granted_fen,
        calculation=calculation,
        citation=citation,
    )


def follow_applications(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its applicant, its budget, and the caps it counts towards."""
    return {
        number: PARTIES.keys(holder)
        | BUDGETS.keys(budget_id(scheme, year))
        | CAPS.keys(
            *(cap for one in counted_with(scheme) for cap in (holder_cap(holder, one), controller_cap(controller, one)))
        )
        for number, scheme, year, holder, controller in reader.rows(
            "SELECT number, scheme, year, holder, controller FROM voucher_application "
            "WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


def follow_issues(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The application, and the budget it will take from."""
    return {
        number: APPLICATIONS.keys(number) | BUDGET_CHANGES.keys(budget_id(scheme, year))
        for number, scheme, year in reader.rows(
            "SELECT number, scheme, year FROM voucher_application WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


def holder_cap(holder: str, scheme: str) -> str:
    """Under which is locked and counted what one firm or team got of a scheme."""
    return f"holder:{holder}:{scheme}"


def controller_cap(controller: str, scheme: str) -> str:
    """Under which is locked and counted what all under one actual controller got of a scheme."""
    return f"controller:{controller}:{scheme}"


_WANTED_USES = "unnest(%s::text[], %s::text[], %s::text[]) AS w (kind, code, scheme)"


def _united(columns: str, table: str, joins: str = "", where: str = "") -> str:
    """Rows of a table by holder, and by controller: each half by its own index."""
    halves = (
        f"SELECT w.kind || ':' || w.code || ':' || w.scheme AS id, {columns} FROM {_WANTED_USES} "  # noqa: S608  our own words
        f"JOIN {table} t ON t.book = %s AND t.scheme = w.scheme AND t.{whose} = w.code {joins} "
        f"WHERE w.kind = '{whose}' {where}"
        for whose in ("holder", "controller")
    )
    return " UNION ALL ".join(halves)


_LAST_STEP = (
    "LEFT JOIN LATERAL (SELECT step, granted_fen FROM voucher_application_step s WHERE s.book = t.book "
    "AND s.application = t.number ORDER BY position DESC LIMIT 1) s ON true"
)


_RETURNED = (
    "(SELECT coalesce(sum(r.amount_fen), 0) FROM voucher_recovery r "
    "WHERE r.book = t.book AND r.voucher = t.number AND r.kind = 'voucher.refund')"
)
"""Of a voucher, `t`: what refunds have returned."""


def load_caps(reader: Reader, ids: Collection[str]) -> Mapping[str, CapUse]:
    """What was issued and granted to each holder or controller, by year, in two statements; for every one asked."""
    split = [(*id_.rsplit(":", 1)[0].split(":", 1), id_.rsplit(":", 1)[1]) for id_ in ids]
    kinds, codes, schemes = (list(part) for part in zip(*split, strict=True))
    wanted = (kinds, codes, schemes, reader.book) * 2
    issued: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    pending: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    still_open: dict[str, str] = {}
    returned: dict[str, dict[int, int]] = defaultdict(dict)
    for id_, year, fen, back in reader.rows(
        "SELECT id, year, sum(face_fen)::int8, sum(back)::int8 FROM ("  # noqa: S608  our own words
        f"{_united(f't.year, t.face_fen, {_RETURNED} AS back', 'voucher')}) v GROUP BY 1, 2",
        *wanted,
    ):
        issued[id_][year] = fen
        returned[id_][year] = back
    for id_, application, year, step, fen in reader.rows(
        _united(
            "t.number, t.year, s.step, s.granted_fen",
            "voucher_application",
            _LAST_STEP,
            "AND coalesce(s.step, 'returned') IN ('granted', 'returned')",
        ),
        *wanted,
    ):
        still_open[id_] = application
        pending[id_][year] += fen if step == "granted" else 0
    return {
        id_: CapUse(
            years={
                year: YearUse(issued[id_][year], pending[id_][year], returned[id_].get(year, 0))
                for year in {*issued[id_], *pending[id_]}
            },
            open_application=still_open.get(id_),
        )
        for id_ in ids
    }


APPLICATIONS = Aggregate[Application](
    "voucher-application", load_applications, follow_applications, what="申领/application"
)
ISSUES = Aggregate[None](
    "voucher-issue", lambda _reader, _ids: {}, follow_issues, what="申领/application", locked=False
)
"""By application: leads to what an issue needs."""
CAPS = Aggregate[CapUse]("voucher-cap", load_caps, what="已发放额度/vouchers issued")
"""By `holder_cap` and `controller_cap`; locked, so that two grants do not both pass a cap."""
