"""How decisions load what is known of subsidies: set-based, a constant number of statements for one or many."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ledger.approvals.store import APPROVALS
from ledger.approvals.values import request_number
from ledger.budgets.store import BUDGET_CHANGES, budget_id, carried_to
from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.journal.bulk import run
from ledger.registry.certificates import load_certificates
from ledger.registry.store import PARTIES
from ledger.registry.values import Certificate, CertificateKind
from ledger.subsidies.bases import BASES
from ledger.subsidies.values import (
    BATCH,
    Award,
    AwardPart,
    Batch,
    BatchState,
    Charge,
    ClawBack,
    ClawBackState,
    Due,
    Excluded,
    Exclusion,
    Objection,
    RecoveryGround,
    Spent,
    TopUp,
    Year,
    year_id,
)

_HEADS = """
    SELECT b.number, b.scheme, b.year, b.version, b.operator, b.evaluation, b.evaluation_version, b.pool_fen,
           b.base_year, b.block, b.last_seq, b.block_hash, b.policy, b.policy_version, b.synthetic, b.reason, b.maker,
           b.computed_on, s.step, coalesce(s.position, 0), p.notice_until, p.person,
           t.tops_up, t.decision_number, t.change, t.budget_year, t.rules_on, t.known_on
      FROM subsidy_batch b
      LEFT JOIN subsidy_top_up t ON t.book = b.book AND t.batch = b.number
      LEFT JOIN LATERAL (SELECT step, position FROM subsidy_batch_step
                          WHERE book = b.book AND batch = b.number ORDER BY position DESC LIMIT 1) s ON true
      LEFT JOIN subsidy_batch_step p ON p.book = b.book AND p.batch = b.number AND p.step = 'publicised'
     WHERE b.book = %s AND b.number = ANY(%s)
"""

_PAID = """
    (EXISTS (SELECT FROM subsidy_payment k WHERE k.book = y.book AND k.payable = y.payable
                AND NOT EXISTS (SELECT FROM subsidy_bounce x WHERE x.book = k.book AND x.payable = k.payable
                                   AND x.payment_batch = k.payment_batch))
     OR EXISTS (SELECT FROM payable_offset o WHERE o.book = y.book AND o.payable = y.payable
                   AND o.offset_fen = o.payable_fen))
"""
"""Whether a payment of the payable `y` was confirmed and has not come back, or nothing of it is left to be paid."""


def load_batches(reader: Reader, numbers: Collection[str]) -> Mapping[str, Batch]:
    """Batches with all that stands in them, in six statements."""
    wanted = list(numbers)
    awards = _awards(reader, wanted)
    excluded = _excluded(reader, wanted)
    parts = _parts(reader, wanted)
    objections = _objections(reader, wanted)
    spent = _spent(reader, wanted)
    found = {}
    for row in reader.rows(_HEADS, reader.book, wanted):
        *head, step, steps, notice_until, reviewer = row[: -len(_TOP_UP)]
        number, added = row[0], row[-len(_TOP_UP) :]
        found[number] = Batch(
            **dict(zip(_HEAD, head, strict=True)),
            state=_state(step, parts[number]),
            steps=steps,
            notice_until=notice_until,
            reviewer=reviewer or "",
            awards=tuple(awards[number]),
            excluded=tuple(excluded[number]),
            parts=tuple(parts[number]),
            objections=tuple(objections[number]),
            spent=tuple(spent[number]),
            top_up=TopUp(**dict(zip(_TOP_UP, added, strict=True))) if added[0] else None,
        )
    return found


_HEAD = (
    "number",
    "scheme",
    "year",
    "version",
    "operator",
    "evaluation",
    "evaluation_version",
    "pool_fen",
    "base_year",
    "block",
    "last_seq",
    "block_hash",
    "policy",
    "policy_version",
    "synthetic",
    "reason",
    "maker",
    "computed_on",
)
_TOP_UP = ("batch", "decision_number", "change", "budget_year", "rules_on", "known_on")


def _state(step: str | None, parts: Collection[AwardPart]) -> BatchState:
    state = BatchState(step or BatchState.COMPUTED)
    return BatchState.PAID if state is BatchState.APPROVED and all(part.paid for part in parts) else state


def _awards(reader: Reader, batches: list[str]) -> dict[str, list[Award]]:
    found: dict[str, list[Award]] = defaultdict(list)
    for batch, due_fen, had_fen, calculation, own_budget, *columns in reader.rows(
        "SELECT a.batch, d.due_fen, d.had_fen, d.calculation, o.award IS NOT NULL, a.number, a.unit, a.grade, "
        "a.base_fen, a.entitled_fen, a.awarded_fen, a.base_calculation, a.calculation, a.bills, a.billed_fen, "
        "a.excluded_fen, a.uses, a.minutes "
        "FROM subsidy_award a LEFT JOIN subsidy_top_up_award d ON d.book = a.book AND d.award = a.number "
        "LEFT JOIN subsidy_own_budget o ON o.book = a.book AND o.award = a.number "
        "WHERE a.book = %s AND a.batch = ANY(%s) ORDER BY a.batch, a.unit",
        reader.book,
        batches,
    ):
        due = None if calculation is None else Due(due_fen, had_fen, calculation)
        found[batch].append(Award(**dict(zip(_AWARD, columns, strict=True)), due=due, own_budget=own_budget))
    return found


_AWARD = (
    "number",
    "unit",
    "grade",
    "base_fen",
    "entitled_fen",
    "awarded_fen",
    "base_calculation",
    "calculation",
    "bills",
    "billed_fen",
    "excluded_fen",
    "uses",
    "minutes",
)


def _excluded(reader: Reader, batches: list[str]) -> dict[str, list[Excluded]]:
    found: dict[str, list[Excluded]] = defaultdict(list)
    for batch, unit, why, detail, base_fen in reader.rows(
        "SELECT batch, unit, why, detail, base_fen FROM subsidy_exclusion WHERE book = %s AND batch = ANY(%s) "
        "ORDER BY batch, unit",
        reader.book,
        batches,
    ):
        found[batch].append(Excluded(unit, Exclusion(why), detail, base_fen))
    return found


def _parts(reader: Reader, batches: list[str]) -> dict[str, list[AwardPart]]:
    found: dict[str, list[AwardPart]] = defaultdict(list)
    for batch, award, line, fen, payable, paid, year, charged_line in reader.rows(
        f"SELECT a.batch, p.award, p.budget_line, p.amount_fen, y.payable, y.payable IS NOT NULL AND {_PAID}, "  # noqa: S608  our own words
        f"{_charged_year()}, {_CHARGED_LINE} "
        "FROM subsidy_award a JOIN subsidy_batch b ON b.book = a.book AND b.number = a.batch "
        f"{_ADDED} "
        "JOIN subsidy_award_part p ON p.book = a.book AND p.award = a.number "
        "LEFT JOIN subsidy_payable y ON y.book = p.book AND y.award = p.award AND y.budget_line = p.budget_line "
        f"{_recharged()} WHERE a.book = %s AND a.batch = ANY(%s) ORDER BY a.batch, a.unit, p.budget_line",
        reader.book,
        batches,
    ):
        found[batch].append(AwardPart(award, line, fen, Charge(year, charged_line), payable, paid))
    return found


def _recharged(before: str = "") -> str:
    """SQL: the budget that a part was put under when its payment came back in a later year, perhaps before a block."""
    earlier = f"AND k.block < {before}" if before else ""
    return (
        "LEFT JOIN LATERAL (SELECT r.charged_year, r.charged_line FROM subsidy_bounce r "  # noqa: S608  our own words
        "JOIN command k ON k.book = r.book AND k.id = r.command "
        f"WHERE r.book = y.book AND r.payable = y.payable AND r.charged_year IS NOT NULL {earlier} "
        "ORDER BY k.block DESC, k.position DESC LIMIT 1) c ON true"
    )


_CHARGED_LINE = "coalesce(c.charged_line, p.budget_line)"
_ADDED = "LEFT JOIN subsidy_top_up t ON t.book = b.book AND t.batch = b.number"


def _charged_year(before: str = "") -> str:
    """SQL: the year in which the budget of a part stands, or stood before a block."""
    return carried_to("b.book", "b.scheme", "coalesce(c.charged_year, t.budget_year, b.year)", before)


SPENT = f"""
    SELECT batch, award, year, line, sum(fen)::int8 AS fen FROM (
        SELECT b.number AS batch, p.award, {_charged_year("q.block")} AS year, {_CHARGED_LINE} AS line,
               p.amount_fen - coalesce(o.fen, 0) AS fen
          FROM subsidy_payment s
          JOIN command q ON q.book = s.book AND q.id = s.command
          JOIN subsidy_payable y ON y.book = s.book AND y.payable = s.payable
          JOIN subsidy_award_part p ON p.book = y.book AND p.award = y.award AND p.budget_line = y.budget_line
          JOIN subsidy_award a ON a.book = p.book AND a.number = p.award
          JOIN subsidy_batch b ON b.book = a.book AND b.number = a.batch
          {_ADDED}
          LEFT JOIN LATERAL (SELECT sum(amount_fen) AS fen FROM payable_offset
                              WHERE book = y.book AND payable = y.payable) o ON true
          {_recharged("q.block")}
         WHERE s.book = %(book)s AND NOT EXISTS (
               SELECT FROM subsidy_bounce x
                WHERE x.book = s.book AND x.payable = s.payable AND x.payment_batch = s.payment_batch)
         UNION ALL
        SELECT b.number, p.award, {_charged_year("q.block")}, {_CHARGED_LINE}, o.amount_fen
          FROM payable_offset o
          JOIN command q ON q.book = o.book AND q.id = o.command
          JOIN subsidy_payable y ON y.book = o.book AND y.payable = o.payable
          JOIN subsidy_award_part p ON p.book = y.book AND p.award = y.award AND p.budget_line = y.budget_line
          JOIN subsidy_award a ON a.book = p.book AND a.number = p.award
          JOIN subsidy_batch b ON b.book = a.book AND b.number = a.batch
          {_ADDED}
          {_recharged("q.block")}
         WHERE o.book = %(book)s) t
     GROUP BY batch, award, year, line
"""  # noqa: S608  our own words
"""What was spent of every award, by bank and by set-off, by the budget that bore it then."""


def _spent(reader: Reader, batches: list[str]) -> dict[str, list[Spent]]:
    found: dict[str, list[Spent]] = defaultdict(list)
    for batch, award, year, line, fen, recovered in run(
        reader.connection,
        "SELECT t.batch, t.award, t.year, t.line, t.fen, coalesce(r.fen, 0)::int8 FROM ("  # noqa: S608  our own words
        + SPENT
        + ") t LEFT JOIN (SELECT award, year, budget_line, sum(amount_fen) AS fen FROM subsidy_recovery "
        "WHERE book = %(book)s GROUP BY 1, 2, 3) r ON r.award = t.award AND r.year = t.year AND r.budget_line = t.line "
        "WHERE t.batch = ANY(%(batches)s) ORDER BY t.batch, t.award, t.year DESC, t.line",
        {"book": reader.book, "batches": batches},
    ):
        found[batch].append(Spent(award, Charge(year, line), fen, recovered))
    return found


def _objections(reader: Reader, batches: list[str]) -> dict[str, list[Objection]]:
    found: dict[str, list[Objection]] = defaultdict(list)
    for batch, *columns in reader.rows(
        "SELECT o.batch, o.number, o.file_number, a.objection IS NOT NULL FROM subsidy_objection o "
        "LEFT JOIN subsidy_objection_answer a ON a.book = o.book AND a.objection = o.number "
        "WHERE o.book = %s AND o.batch = ANY(%s) ORDER BY o.raised_on, o.number",
        reader.book,
        batches,
    ):
        found[batch].append(Objection(*columns))
    return found


def follow_batches(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its subsidy's year, the budget that pays, and who is asked to approve it."""
    return {
        number: YEARS.keys(year_id(scheme, year))
        | BUDGET_CHANGES.keys(budget_id(scheme, budget_year))
        | APPROVALS.keys(request_number(BATCH, number))
        for number, scheme, year, budget_year in reader.rows(
            "SELECT b.number, b.scheme, b.year, coalesce(t.budget_year, b.year) "  # noqa: S608  our own words
            f"FROM subsidy_batch b {_ADDED} WHERE b.book = %s AND b.number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


_ENDED = frozenset({BatchState.VOID, BatchState.REFUSED, BatchState.SUPERSEDED})


def load_years(reader: Reader, ids: Collection[str]) -> Mapping[str, Year]:
    """For every subsidy's year asked, computed or not."""
    found = dict.fromkeys(ids, Year())
    for id_, version, number, is_top_up, step in reader.rows(
        "SELECT b.scheme || ':' || b.year, b.version, b.number, t.batch IS NOT NULL, s.step "  # noqa: S608  our own words
        f"FROM subsidy_batch b {_ADDED} "
        "LEFT JOIN LATERAL (SELECT step FROM subsidy_batch_step WHERE book = b.book AND batch = b.number "
        "ORDER BY position DESC LIMIT 1) s ON true "
        "WHERE b.book = %s AND b.scheme || ':' || b.year = ANY(%s) ORDER BY b.version",
        reader.book,
        list(ids),
    ):
        year = replace(found[id_], versions=version)
        if step in _ENDED:
            found[id_] = year
        elif not is_top_up:
            found[id_] = replace(year, live=number)
        elif step == BatchState.APPROVED:
            found[id_] = replace(year, topped_up=(*year.topped_up, number))
        else:
            found[id_] = replace(year, open_top_up=number)
    return found


def follow_years(reader: Reader, ids: Collection[str]) -> Mapping[str, Keys]:
    """What stands and what was added: the numbers never change, though what stands may be another by then."""
    return {
        id_: BATCHES.keys(*filter(None, (year.live, *year.topped_up, year.open_top_up)))
        for id_, year in load_years(reader, ids).items()
        if year.live
    }


def follow_payables(reader: Reader, payables: Collection[str]) -> Mapping[str, Keys]:
    return {payable: BATCHES.keys(batch) for payable, batch in _batches_of(reader, payables)}


def load_payables(reader: Reader, payables: Collection[str]) -> Mapping[str, str]:
    """The batch that a payable belongs to; nothing for those of other slices."""
    return dict(_batches_of(reader, payables))


def _batches_of(reader: Reader, payables: Collection[str]) -> list[tuple[Any, ...]]:
    return reader.rows(
        "SELECT y.payable, a.batch FROM subsidy_payable y "
        "JOIN subsidy_award a ON a.book = y.book AND a.number = y.award WHERE y.book = %s AND y.payable = ANY(%s)",
        reader.book,
        list(payables),
    )


def bounce_id(payable: str, year: int) -> str:
    """What came back in a year."""
    return f"{payable}:{year}"


def load_bounces(reader: Reader, ids: Collection[str]) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    wanted = [id_.rpartition(":") for id_ in ids]
    return {
        bounce_id(payable, year): (batch, tuple(budget_id(scheme, later) for later in found))
        for payable, year, batch, scheme, found in reader.rows(
            "SELECT w.payable, w.year, b.number, b.scheme, ARRAY(SELECT DISTINCT a.year FROM voucher_appropriation a "
            "WHERE a.book = b.book AND a.scheme = b.scheme AND a.year >= w.year ORDER BY a.year) "
            "FROM unnest(%s::text[], %s::int[]) AS w (payable, year) "
            "JOIN subsidy_payable y ON y.payable = w.payable JOIN subsidy_award a ON a.book = y.book "
            "AND a.number = y.award JOIN subsidy_batch b ON b.book = a.book AND b.number = a.batch WHERE y.book = %s",
            [payable for payable, _, _ in wanted],
            [int(year) for _, _, year in wanted],
            reader.book,
        )
    }


def follow_bounces(reader: Reader, ids: Collection[str]) -> Mapping[str, Keys]:
    return {
        id_: BATCHES.keys(batch) | BUDGET_CHANGES.keys(*later)
        for id_, (batch, later) in load_bounces(reader, ids).items()
    }


def load_steps(reader: Reader, steps: Collection[str]) -> Mapping[str, str]:
    """The batch of whose award a step of an obligation sets off a part; nothing where it is of another slice."""
    return dict(_steps(reader, steps))


def follow_steps(reader: Reader, steps: Collection[str]) -> Mapping[str, Keys]:
    return {step: BATCHES.keys(batch) for step, batch in _steps(reader, steps)}


def _steps(reader: Reader, steps: Collection[str]) -> list[tuple[Any, ...]]:
    return reader.rows(
        "SELECT s.number, a.batch FROM obligation_step s "
        "JOIN subsidy_payable y ON y.book = s.book AND y.payable = s.payable "
        "JOIN subsidy_award a ON a.book = y.book AND a.number = y.award WHERE s.book = %s AND s.number = ANY(%s)",
        reader.book,
        list(steps),
    )


def load_awards(reader: Reader, awards: Collection[str]) -> Mapping[str, str]:
    """The batch in which each award stands."""
    return dict(
        reader.rows(
            "SELECT number, batch FROM subsidy_award WHERE book = %s AND number = ANY(%s)", reader.book, list(awards)
        )
    )


def follow_awards(reader: Reader, awards: Collection[str]) -> Mapping[str, Keys]:
    return {award: BATCHES.keys(batch) for award, batch in load_awards(reader, awards).items()}


_CLAW_BACK = (
    "number",
    "award",
    "batch",
    "unit",
    "operator",
    "scheme",
    "amount_fen",
    "ground",
    "decision_number",
    "reason",
    "decided_on",
    "appeal_until",
    "maker",
    "state",
)


def load_claw_backs(reader: Reader, numbers: Collection[str]) -> Mapping[str, ClawBack]:
    rows = reader.rows(
        "SELECT c.number, c.award, a.batch, a.unit, b.operator, b.scheme, c.amount_fen, c.ground, c.decision_number, "
        "c.reason, c.decided_on, c.appeal_until, c.maker, coalesce(e.outcome, 'proposed') FROM subsidy_claw_back c "
        "JOIN subsidy_award a ON a.book = c.book AND a.number = c.award "
        "JOIN subsidy_batch b ON b.book = a.book AND b.number = a.batch "
        "LEFT JOIN subsidy_claw_back_end e ON e.book = c.book AND e.claw_back = c.number "
        "WHERE c.book = %s AND c.number = ANY(%s)",
        reader.book,
        list(numbers),
    )
    found = {}
    for row in rows:
        values = dict(zip(_CLAW_BACK, row, strict=True))
        values["ground"], values["state"] = RecoveryGround(values["ground"]), ClawBackState(values["state"])
        found[values["number"]] = ClawBack(**values)
    return found


def follow_claw_backs(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    return {
        number: AWARDS.keys(claw_back.award) | PARTIES.keys(claw_back.unit)
        for number, claw_back in load_claw_backs(reader, numbers).items()
    }


def load_own_budgets(reader: Reader, batches: Collection[str]) -> Mapping[str, Mapping[str, Sequence[Certificate]]]:
    """For every batch asked: what papers say of its units, by unit, of those that had one on an own budget."""
    units: dict[str, list[str]] = {batch: [] for batch in batches}
    for batch, unit in reader.rows(
        "SELECT a.batch, a.unit FROM subsidy_award a WHERE a.book = %s AND a.batch = ANY(%s) AND EXISTS ("
        "SELECT FROM party_certificate c WHERE c.book = a.book AND c.party = a.unit AND c.kind = %s)",
        reader.book,
        list(batches),
        CertificateKind.OWN_BUDGET.value,
    ):
        units[batch].append(unit)
    papers = load_certificates(reader, sorted({unit for found in units.values() for unit in found}))
    return {batch: {unit: papers[unit] for unit in found} for batch, found in units.items()}


def load_excluded_bills(reader: Reader, bills: Collection[str]) -> Mapping[str, tuple[int, bool]]:
    """For every bill asked: how often it was said, and whether it is excluded now."""
    found = dict.fromkeys(bills, (0, False))
    for bill, step, excluded in reader.rows(
        "SELECT DISTINCT ON (bill) bill, step, excluded FROM subsidy_excluded_bill WHERE book = %s AND bill = ANY(%s) "
        "ORDER BY bill, step DESC",
        reader.book,
        list(bills),
    ):
        found[bill] = (step, excluded)
    return found


def load_years_in_payment(reader: Reader, ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """For every budget year asked: released payment batches with awards it bears, of which the bank has not told."""
    found: dict[str, list[str]] = {id_: [] for id_ in ids}
    for id_, number in reader.rows(
        "SELECT DISTINCT b.scheme || ':' || coalesce(t.budget_year, b.year), l.batch "  # noqa: S608  our own words
        f"FROM subsidy_batch b {_ADDED} "
        "JOIN subsidy_award a ON a.book = b.book AND a.batch = b.number "
        "JOIN subsidy_payable y ON y.book = a.book AND y.award = a.number "
        "JOIN payment_batch_line l ON l.book = y.book AND l.payable = y.payable "
        "JOIN payment_release r ON r.book = l.book AND r.batch = l.batch "
        "WHERE b.book = %s AND b.scheme || ':' || coalesce(t.budget_year, b.year) = ANY(%s) "
        "AND NOT EXISTS (SELECT FROM payment_confirmation k "
        "  WHERE k.book = l.book AND k.batch = l.batch AND k.payable = l.payable) "
        "AND NOT EXISTS (SELECT FROM payable_freed f "
        "  WHERE f.book = l.book AND f.payable = l.payable AND f.attempt = l.attempt) ORDER BY 1, 2",
        reader.book,
        list(ids),
    ):
        found[id_].append(number)
    return {id_: tuple(numbers) for id_, numbers in found.items()}


BATCHES = Aggregate[Batch]("subsidy-batch", load_batches, follow_batches, what="补贴批次/subsidy batch")
YEARS = Aggregate[Year]("subsidy-year", load_years, follow_years, what="年度补贴/subsidy of the year")
"""By `year_id(scheme, year)`; the batch that stands is followed."""
BATCHES_OF_PAYABLES = Aggregate[str](
    "subsidy-payable", load_payables, follow_payables, what="应付事项/payable", locked=False
)
BATCHES_OF_STEPS = Aggregate[str]("subsidy-offset-step", load_steps, follow_steps, what="抵扣/offset", locked=False)
AWARDS = Aggregate[str]("subsidy-award", load_awards, follow_awards, what="补贴/award", locked=False)
"""By award: its batch, which is followed."""
CLAW_BACKS = Aggregate[ClawBack](
    "subsidy-claw-back", load_claw_backs, follow_claw_backs, what="追缴提议/proposal to take back"
)
"""The award's batch and its unit are followed."""
EXCLUDED_BILLS = Aggregate[tuple[int, bool]]("subsidy-excluded-bill", load_excluded_bills, what="账单/bill")
OWN_BUDGETS = Aggregate[Mapping[str, Sequence[Certificate]]](
    "subsidy-own-budget", load_own_budgets, what="补贴批次/subsidy batch", locked=False
)
"""By batch."""
BOUNCES = Aggregate[tuple[str, tuple[str, ...]]](
    "subsidy-bounce", load_bounces, follow_bounces, what="应付事项/payable", locked=False
)
"""By `bounce_id(payable, year)`: the batch it belongs to, and the budgets of that year and later ones that have lines.

All of them are followed; payables of other slices lead nowhere.
"""
YEARS_IN_PAYMENT = Aggregate[tuple[str, ...]](
    "subsidy-year-in-payment", load_years_in_payment, what="年度预算/budget of the year", locked=False
)

AGGREGATES: tuple[Aggregate[Any], ...] = (
    BASES,
    BATCHES,
    YEARS,
    BATCHES_OF_PAYABLES,
    BATCHES_OF_STEPS,
    BOUNCES,
    AWARDS,
    CLAW_BACKS,
    EXCLUDED_BILLS,
    OWN_BUDGETS,
    YEARS_IN_PAYMENT,
)
