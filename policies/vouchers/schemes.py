"""The rules of one voucher scheme on one day, typed, for whoever runs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
class Case:
    """What a payer's share may depend on beside fee and hold; each scheme looks at what its calculator asks for."""

    matched_fen: int = 0
    """What the payer bears whose contract this one matches."""
    local_supplier: bool = False
    """The unit lies in the region that the scheme calls local."""
    high_tech: bool = False
    """The firm is a certified high-tech enterprise (高新技术企业)."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """Which calculators and which files run a scheme."""

    application: str
    acceptance: str
    operation: str
    claims: str
    grants: str
    """The file with what is granted and, where it pays one share of several, with its share."""
    units: str | None = None
    """The file that says at whose units its vouchers are used; None: at any that is registered."""
    by_token: bool = False
    named: Mapping[str, str] = field(default_factory=dict)
    """Parameters that one file keeps for several schemes: under which name this one's stands there."""
    looks_at: tuple[str, ...] = ()
    """What of a `Case` its acceptance looks at."""
    matches: tuple[str, ...] = ()
    """Schemes beside whose voucher this one's pays a part of the same service (配套); it pays nothing alone."""
    one_cap_with: tuple[str, ...] = ()
    """Schemes whose vouchers count towards the same cap."""


SCHEMES = {
    "beijing-2015": _Terms(
        application="vouchers/beijing-2015",
        acceptance="vouchers/beijing-2015-acceptance",
        operation="vouchers/beijing-2015-operation",
        claims="vouchers/beijing-2015-claims",
        grants="vouchers/beijing-2015",
        units="vouchers/beijing-2015-units",
        by_token=True,
    ),
    "binhai-2025": _Terms(
        application="vouchers/binhai-2025-application",
        acceptance="vouchers/binhai-2025",
        operation="vouchers/binhai-2025",
        claims="vouchers/binhai-2025-claims",
        grants="vouchers/binhai-2025",
    ),
    "jinyun-2017": _Terms(
        application="vouchers/jinyun-2017-application",
        acceptance="vouchers/jinyun-2017",
        operation="vouchers/jinyun-2017",
        claims="vouchers/jinyun-2017-claims",
        grants="vouchers/jinyun-2017",
    ),
    "shandong-2023": _Terms(
        application="vouchers/shandong-liaocheng-2023-application",
        acceptance="vouchers/shandong-2023-acceptance",
        operation="vouchers/shandong-liaocheng-2023-operation",
        claims="vouchers/shandong-liaocheng-2023-operation",
        grants="vouchers/shandong-liaocheng-2023",
        named={"public_share_max": "province_share", "per_firm_year_max": "controller_annual_cap"},
        one_cap_with=("liaocheng-2023",),
    ),
    "liaocheng-2023": _Terms(
        application="vouchers/shandong-liaocheng-2023-application",
        acceptance="vouchers/liaocheng-2023-acceptance",
        operation="vouchers/shandong-liaocheng-2023-operation",
        claims="vouchers/shandong-liaocheng-2023-operation",
        grants="vouchers/shandong-liaocheng-2023",
        named={"public_share_max": "city_share", "per_firm_year_max": "controller_annual_cap"},
        looks_at=("matched_fen", "local_supplier"),
        matches=("shandong-2023",),
        one_cap_with=("shandong-2023",),
    ),
    "qingdao-2015-district": _Terms(
        application="vouchers/qingdao-2015-district-application",
        acceptance="vouchers/qingdao-2015-district-acceptance",
        operation="vouchers/qingdao-2015-operation",
        claims="vouchers/qingdao-2015-operation",
        grants="subsidies/qingdao-2015",
        named={"public_share_max": "district_share", "per_firm_year_max": "district_per_firm_year_max"},
        looks_at=("high_tech",),
    ),
    "qingdao-2015-city": _Terms(
        application="vouchers/qingdao-2015-city-application",
        acceptance="vouchers/qingdao-2015-city-acceptance",
        operation="vouchers/qingdao-2015-operation",
        claims="vouchers/qingdao-2015-operation",
        grants="subsidies/qingdao-2015",
        named={"public_share_max": "city_match_max", "per_firm_year_max": "city_per_firm_year_max"},
        looks_at=("matched_fen",),
        matches=("qingdao-2015-district",),
    ),
}


def counted_with(name: str) -> tuple[str, ...]:
    """Schemes whose vouchers count towards a scheme's cap, itself first."""
    return (name, *(SCHEMES[name].one_cap_with if name in SCHEMES else ()))


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
    matches: tuple[str, ...]
    """Schemes beside whose voucher it pays a part of the same service; empty: it pays alone."""
    supplier_region: str | None
    """First digits of the region code (GB/T 2260) of a local supplier; None where it makes no difference."""
    looks_at: tuple[str, ...]
    """What of a `Case` its share depends on."""
    home_region: str | None
    """First digits of the region code (GB/T 2260) of the units it is for; None: of any."""
    recognised_regions: tuple[str, ...]
    """First digits of regions whose units are recognised too, once they are on a list of mutual recognition (互认)."""
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

    def accepted(self, *, fee_fen: int, held_fen: int, case: Case = Case()) -> Calculation:
        """How an actual fee is shared: `public_fen` from the hold, `firm_fen` from the firm."""
        facts = {"fee_fen": fee_fen, "held_fen": held_fen, **{name: getattr(case, name) for name in self.looks_at}}
        return calculate(self.acceptance_policy, facts, on=self.on, known_on=self.known_on)


def scheme(name: str, on: date, known_on: date) -> VoucherScheme:
    """The rules of one of `SCHEMES` in force on a day, as known on another."""
    if name not in SCHEMES:
        raise UnknownPolicy(name, sorted(SCHEMES))
    terms = SCHEMES[name]
    grants = Rules(read_policy(terms.grants), on, known_on)
    operation = Rules(read_policy(terms.operation), on, known_on)
    claims = Rules(read_policy(terms.claims), on, known_on)
    units = Rules(read_policy(terms.units), on, known_on) if terms.units else None
    share = _kept("public_share_max", terms, grants, operation)
    cap = _kept("per_firm_year_max", terms, grants, operation)
    limits = _token_limits(grants) if terms.by_token else _Limits(None, None, cap[0].whole(cap[1]))
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
        public_share_max=share[0].decimal(share[1]),
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
        matches=terms.matches,
        supplier_region=operation.word("supplier_region") if "local_supplier" in terms.looks_at else None,
        looks_at=terms.looks_at,
        home_region=units.word("home_region") if units else None,
        recognised_regions=tuple(str(row["region"]) for row in units.rows("recognised_regions")) if units else (),
        cites={
            **(units.cites() if units else {}),
            **operation.cites(),
            **claims.cites(),
            **grants.cites(),
            **{
                field: _kept(field, terms, grants, operation)[0].block(kept).cite for field, kept in terms.named.items()
            },
        },
    )


def _kept(field: str, terms: _Terms, *files: Rules) -> tuple[Rules, str]:
    """The first file that has this parameter of the scheme, and its name there."""
    name = terms.named.get(field, field)
    return next((rules for rules in files if name in rules.policy.parameters), files[-1]), name


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
