"""One service, several payers: what each one's voucher pays, and what a firm is granted of each.

The first payer looks at the fee alone; whoever matches it is told what it pays.
"""

from policies.kernel import facts
from policies.kernel.facts import Given
from policies.kernel.figures import Figure, chosen
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words
from policies.vouchers.co_funding import FEE, HELD, REQUESTED, SHARES, USED, granted

MATCHED = facts.fen("matched_fen", "前一出资方承担", "paid by the payer that is matched")
LOCAL = facts.flag("local_supplier", "服务机构在本地", "local supplier")
HIGH_TECH = facts.flag("high_tech", "高新技术企业", "high-tech enterprise")

PAID = Words("本出资方承担", "paid by this payer")
SHARE = Words("按比例", "its share")
LEFT = Words("费用余额", "left of the fee")
OWN = Words("企业承担", "borne by the firm")


@formula(
    "vouchers/shandong-2023-acceptance",
    SHARES,
    facts=(FEE, HELD),
    results=("public_fen", "firm_fen"),
    rules="vouchers/shandong-liaocheng-2023",
)
def province(given: Given, rules: Rules) -> Results:
    """The province pays its share of the actual fee, and at most what is held."""
    fee = given.figure("fee_fen")

    public = fee.share(rules.ratio("province_share")).half_up(SHARE).at_most(given.figure("held_fen"), PAID)

    return {"public_fen": public, "firm_fen": fee.less(public, words=OWN)}


@formula(
    "vouchers/liaocheng-2023-acceptance",
    SHARES,
    facts=(FEE, HELD, MATCHED, LOCAL),
    results=("public_fen", "firm_fen"),
    rules="vouchers/shandong-liaocheng-2023",
)
def city(given: Given, rules: Rules) -> Results:
    """For a local supplier the city adds its share of the actual fee; never more than is held or left of the fee."""
    fee, local = given.figure("fee_fen"), given.flag("local_supplier")
    left = _left(fee, given.figure("matched_fen"))

    share = (
        fee.share(rules.ratio("city_share")).half_up(SHARE)
        if local.value
        else Figure.none(local, "fen", Words("非本地服务机构，市级不补", "no local supplier: nothing from the city"))
    )
    public = share.at_most(left, LEFT).at_most(given.figure("held_fen"), PAID)

    return {"public_fen": public, "firm_fen": left.less(public, words=OWN)}


@formula(
    "vouchers/qingdao-2015-district-acceptance",
    SHARES,
    facts=(FEE, HELD, HIGH_TECH),
    results=("public_fen", "firm_fen"),
    rules="subsidies/qingdao-2015",
)
def district(given: Given, rules: Rules) -> Results:
    """The district pays its share of the actual fee, a larger one to a high-tech enterprise; at most what is held."""
    fee = given.figure("fee_fen")

    share = chosen(
        given.flag("high_tech"),
        fee.share(rules.ratio("district_share_high_tech")).half_up(SHARE),
        fee.share(rules.ratio("district_share")).half_up(SHARE),
        SHARE,
    )
    public = share.at_most(given.figure("held_fen"), PAID)

    return {"public_fen": public, "firm_fen": fee.less(public, words=OWN)}


@formula(
    "vouchers/qingdao-2015-city-acceptance",
    SHARES,
    facts=(FEE, HELD, MATCHED),
    results=("public_fen", "firm_fen"),
    rules="subsidies/qingdao-2015",
)
def city_match(given: Given, rules: Rules) -> Results:
    """The city adds at most what the district pays; never more than is held or left of the fee."""
    matched = given.figure("matched_fen")
    left = _left(given.figure("fee_fen"), matched)

    match = matched.share(rules.ratio("city_match_max")).rounded_down(Words("按比例最高配套", "the match, at most"))
    public = match.at_most(left, LEFT).at_most(given.figure("held_fen"), PAID)

    return {"public_fen": public, "firm_fen": left.less(public, words=OWN)}


def _left(fee: Figure, matched: Figure) -> Figure:
    """Of the fee, what the payer before does not bear: nothing, where it bears all."""
    return fee.room_after(matched, LEFT)


@formula(
    "vouchers/shandong-liaocheng-2023-application",
    Words("创新券申领", "application for vouchers"),
    facts=(REQUESTED, USED),
    results=("granted_fen",),
    rules="vouchers/shandong-liaocheng-2023",
)
def application_under_one_cap(given: Given, rules: Rules) -> Results:
    """What was requested, at most what both payers together still may give under one actual controller."""
    return granted(given, rules, "controller_annual_cap")


@formula(
    "vouchers/qingdao-2015-district-application",
    Words("补助申领", "application for support"),
    facts=(REQUESTED, USED),
    results=("granted_fen",),
    rules="vouchers/qingdao-2015-operation",
)
def district_application(given: Given, rules: Rules) -> Results:
    """What was requested, at most what is left under the district's own cap."""
    return granted(given, rules, "district_per_firm_year_max")


@formula(
    "vouchers/qingdao-2015-city-application",
    Words("补助申领", "application for support"),
    facts=(REQUESTED, USED),
    results=("granted_fen",),
    rules="subsidies/qingdao-2015",
)
def city_application(given: Given, rules: Rules) -> Results:
    """What was requested, at most what is left under the city's own cap."""
    return granted(given, rules, "city_per_firm_year_max")
