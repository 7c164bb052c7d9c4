"""The rules of one voucher scheme on one day, typed, for whoever runs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from policies.calculators import Calculation, calculate
from policies.kernel.derivation import Cite
from policies.kernel.loading import read_policy
from policies.kernel.parameters import Rules
from policies.kernel.refusals import UnknownPolicy
from policies.kernel.words import Words


class CapHolder(StrEnum):
    FIRM = "firm"
    CONTROLLER = "controller"


class Payee(StrEnum):
    UNIT = "unit"
    FIRM = "firm"


class AcrossYearEnd(StrEnum):
    CARRY_OVER = "carry-over"
    LAPSE = "lapse"


class RefundDebtor(StrEnum):
    PAYEE = "payee"
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class _Terms:
    """Which calculators and which file run a scheme."""

    application: str
    acceptance: str
    operation: str
    claims: str
    by_token: bool


SCHEMES = {
    "beijing-2015": _Terms(
        application="vouchers/beijing-2015",
        acceptance="vouchers/beijing-2015-acceptance",
        operation="vouchers/beijing-2015-operation",
        claims="vouchers/beijing-2015-claims",
        by_token=True,
    ),
    "binhai-2025": _Terms(
        application="vouchers/binhai-2025-application",
        acceptance="vouchers/binhai-2025",
        operation="vouchers/binhai-2025",
        claims="vouchers/binhai-2025-claims",
        by_token=False,
    ),
    "jinyun-2017": _Terms(
        application="vouchers/jinyun-2017-application",
        acceptance="vouchers/jinyun-2017",
        operation="vouchers/jinyun-2017",
        claims="vouchers/jinyun-2017-claims",
        by_token=False,
    ),
}


@dataclass(frozen=True, slots=True)
class VoucherScheme:
    """One scheme as in force on a day; `cites` has the citation of each value, by parameter of the policy files."""

    name: str
    title: Words
    on: date
    known_on: date
    synthetic: bool
    """Some of these values are invented; whatever shows them says so."""
    application_policy: str
    """The calculator of what an application is granted."""
    acceptance_policy: str
    """The calculator of what the voucher pays of an accepted service."""
    denomination_fen: int | None
    """Face value of one voucher in fen; None where a voucher may have any face value."""
    first_application_max_fen: int | None
    """Most face value in a first application, in fen; None where the scheme has no such rule."""
    per_firm_year_max_fen: int
    """Most face value issued to one holder in a year (in Beijing: an application cycle), in fen."""
    cap_holder: CapHolder
    """Whose use counts towards that cap: the firm's own, or that of all firms under one actual controller."""
    public_share_max: Decimal
    """Largest part of the actual fee that the voucher pays. Unit: ratio, 0.50 is 50 %."""
    validity_months: int
    """Validity of a voucher in months from its issue, the anniversary clipped to the month's end."""
    hold_days_max: int
    """Longest reservation for a contract, in days; a hold never outlives its voucher."""
    claim_window_days: int
    """Days after acceptance within which the unit may claim."""
    correction_days: int
    """Days after a claim was sent back within which the unit may correct it."""
    expert_review_from_fen: int
    """Amount of one contract in a claim from which experts review it, in fen."""
    expert_opinions_min: int
    """Fewest opinions of experts on a contract that they review."""
    publicity_working_days: int
    """Public notice before a payment, in working days, the first day not counted."""
    payee: Payee
    """Who is paid: the unit that accepted the voucher, or the firm that paid the bill in full."""
    change_given: bool
    """Whether the unused rest of a voucher goes back to the firm; otherwise it expires at acceptance."""
    across_year_end: AcrossYearEnd
    """What happens at the year end to a voucher that is still open, and to its budget."""
    refund_restores_cap: bool
    """Whether a refund gives the firm its room under the cap back."""
    refund_debtor: RefundDebtor
    """Who owes a refund back to the treasury."""
    teams_eligible: bool
    """Whether a startup team that is no company yet may apply."""
    eligible_sizes: tuple[str, ...]
    """Size classes of firms that may apply, as `registry/size-class` names them."""
    extensions_max: int
    """How often a voucher may be given a later last day; 0: never."""
    extension_months_max: int
    """Longest extension in months, counted from the voucher's last day."""
    extension_needs_work_under_way: bool
    """Whether a contract must be reserved and not yet accepted when a voucher is extended."""
    revocation_grounds: tuple[str, ...]
    """Reason codes for which a voucher is revoked."""
    cites: Mapping[str, Cite]

    def granted(self, *, requested_fen: int, used_fen: int, first_time: bool) -> Calculation:
        """What an application gets: `granted_fen`, and `tokens` where vouchers have a denomination."""
        facts: dict[str, object] = {"requested_fen": requested_fen, "used_fen": used_fen}
        if self.denomination_fen is not None:
            facts = {
                "requested_fen": requested_fen,
                "first_time": first_time,
                "used_tokens": -(-used_fen // self.denomination_fen),
            }
        return calculate(self.application_policy, facts, on=self.on, known_on=self.known_on)

    def accepted(self, *, fee_fen: int, held_fen: int) -> Calculation:
        """How an actual fee is shared: `public_fen` from the hold, `firm_fen` from the firm."""
        facts = {"fee_fen": fee_fen, "held_fen": held_fen}
        return calculate(self.acceptance_policy, facts, on=self.on, known_on=self.known_on)


def scheme(name: str, on: date, known_on: date) -> VoucherScheme:
    """The rules of one of `SCHEMES` in force on a day, as known on another."""
    if name not in SCHEMES:
        raise UnknownPolicy(name, sorted(SCHEMES))
    terms = SCHEMES[name]
    grants = Rules(read_policy(f"vouchers/{name}"), on, known_on)
    operation = Rules(read_policy(terms.operation), on, known_on)
    claims = Rules(read_policy(terms.claims), on, known_on)
    limits = _token_limits(grants) if terms.by_token else _Limits(None, None, grants.whole("per_firm_year_max"))
    return VoucherScheme(
        name=name,
        title=grants.policy.title,
        on=on,
        known_on=known_on,
        synthetic=any(rules.policy.synthetic for rules in (operation, claims, grants)),
        application_policy=terms.application,
        acceptance_policy=terms.acceptance,
        denomination_fen=limits.denomination_fen,
        first_application_max_fen=limits.first_application_max_fen,
        per_firm_year_max_fen=limits.per_firm_year_max_fen,
        cap_holder=CapHolder(operation.word("cap_holder")),
        public_share_max=operation.decimal("public_share_max"),
        validity_months=operation.whole("validity_months"),
        hold_days_max=operation.whole("hold_days_max"),
        claim_window_days=operation.whole("claim_window_days"),
        publicity_working_days=operation.whole("publicity_working_days"),
        payee=Payee(operation.word("payee")),
        change_given=operation.yes("change_given"),
        across_year_end=AcrossYearEnd(operation.word("across_year_end")),
        refund_restores_cap=operation.yes("refund_restores_cap"),
        refund_debtor=RefundDebtor(operation.word("refund_debtor")),
        teams_eligible=operation.yes("teams_eligible"),
        eligible_sizes=tuple(str(row["size"]) for row in operation.rows("eligible_sizes")),
        extensions_max=operation.whole("extensions_max"),
        extension_months_max=operation.whole("extension_months_max"),
        extension_needs_work_under_way=operation.yes("extension_needs_work_under_way"),
        revocation_grounds=tuple(str(row["ground"]) for row in operation.rows("revocation_grounds")),
        correction_days=claims.whole("correction_days"),
        expert_review_from_fen=claims.whole("expert_review_from"),
        expert_opinions_min=claims.whole("expert_opinions_min"),
        cites={**operation.cites(), **claims.cites(), **grants.cites()},
    )


@dataclass(frozen=True, slots=True)
class _Limits:
    denomination_fen: int | None
    first_application_max_fen: int | None
    per_firm_year_max_fen: int


def _token_limits(grants: Rules) -> _Limits:
    """Limits told in vouchers, as face value."""
    denomination = grants.whole("denomination")
    return _Limits(
        denomination, grants.whole("first_application_max") * denomination, grants.whole("cycle_max") * denomination
    )
