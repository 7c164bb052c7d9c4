"""Qingdao 2015: the city subsidises units; a district supports its firms, and the city matches that."""

from policies.kernel import facts
from policies.kernel.facts import Given
from policies.kernel.figures import chosen
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

FEES = facts.fen("fees_fen", "当年实际发生的检测费", "test fees actually incurred in the year")


@formula(
    "subsidies/qingdao-2015-unit",
    Words("管理单位补助", "support of a unit"),
    facts=(FEES,),
    results=("unit_fen",),
    rules="subsidies/qingdao-2015",
)
def unit(given: Given, rules: Rules) -> Results:
    """Its share of the fees, at most the cap of a year."""
    share = given.figure("fees_fen").share(rules.ratio("unit_share")).half_up(Words("按比例", "its share"))

    return {"unit_fen": share.at_most(rules.figure("unit_year_max"), Words("单位补助", "the unit's support"))}


@formula(
    "subsidies/qingdao-2015-firm",
    Words("企业补助与市级配套", "support of a firm, and the city's match"),
    facts=(FEES, facts.flag("high_tech", "高新技术企业或千帆计划企业", "high-tech enterprise, or of the Qianfan plan")),
    results=("district_fen", "city_match_max_fen"),
    rules="subsidies/qingdao-2015",
)
def firm(given: Given, rules: Rules) -> Results:
    """The district pays its share of the fees; the city adds at most as much again, up to its cap."""
    fees = given.figure("fees_fen")
    by_share = Words("区（市）按比例", "the district's share")

    district = chosen(
        given.flag("high_tech"),
        fees.share(rules.ratio("district_share_high_tech")).half_up(by_share),
        fees.share(rules.ratio("district_share")).half_up(by_share),
        Words("区（市）补助", "paid by the district"),
    )
    match = district.share(rules.ratio("city_match_max")).rounded_down(Words("按比例最高配套", "the match, at most"))
    city = match.at_most(rules.figure("city_per_firm_year_max"), Words("市级最高配套", "added by the city, at most"))

    return {"district_fen": district, "city_match_max_fen": city}
