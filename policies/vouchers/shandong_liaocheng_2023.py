"""Shandong and Liaocheng 2023: two payers of one cost under a common cap."""

from policies.kernel import facts
from policies.kernel.facts import Given
from policies.kernel.figures import Figure, split
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

PROVINCE = Words("省级承担", "paid by the province")
CITY = Words("市级承担", "paid by the city")
FIRM = Words("企业承担", "borne by the firm")


@formula(
    "vouchers/shandong-liaocheng-2023",
    Words("山东、聊城创新券费用分担", "who pays a service in Shandong and Liaocheng"),
    facts=(
        facts.fen("cost_fen", "服务费用", "cost of the service"),
        facts.flag("local_supplier", "服务机构在聊城", "supplier in Liaocheng"),
        facts.fen("controller_used_fen", "同一实际控制人本年已用", "used this year under the same actual controller"),
    ),
    results=("province_fen", "city_fen", "firm_fen"),
)
def shares(given: Given, rules: Rules) -> Results:
    """Each payer's share of the cost; under a cap that binds, the room in proportion; the firm bears the rest."""
    cost, local = given.figure("cost_fen"), given.flag("local_supplier")
    room = rules.figure("controller_annual_cap").room_after(
        given.figure("controller_used_fen"), Words("年度上限余额", "left under the yearly cap")
    )

    province = cost.share(rules.ratio("province_share")).half_up(Words("省级按比例", "province's share"))
    city = (
        cost.share(rules.ratio("city_share")).half_up(Words("市级按比例", "city's share"))
        if local.value
        else Figure.none(local, "fen", Words("非本地服务机构，市级不补", "no local supplier: nothing from the city"))
    )
    if province.value + city.value > room.value:
        # Largest remainder over the rounded shares; the province stands first, so a tie goes to it.
        province, city = split(room, (province, city), (PROVINCE, CITY))

    return {"province_fen": province, "city_fen": city, "firm_fen": cost.less(province, city, words=FIRM)}
