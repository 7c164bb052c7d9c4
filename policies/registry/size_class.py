"""`registry/size-class`: large, medium, small or micro, by the standard of 2011."""

from policies.kernel import facts
from policies.kernel.derivation import Step
from policies.kernel.errors import Refused
from policies.kernel.facts import Given, shown
from policies.kernel.figures import told
from policies.kernel.parameters import Row, Rules
from policies.kernel.refusals import InvalidFacts
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

POLICY = "registry/size-class"
EMPLOYEES = facts.count("employees", "从业人员", "employees", "employees", required=False)
REVENUE = facts.fen("revenue_fen", "营业收入", "annual revenue", required=False)
ASSETS = facts.fen("assets_fen", "资产总额", "total assets", required=False)
MEASURES = (EMPLOYEES, REVENUE, ASSETS)

SIZES = {
    "large": Words("大型", "large"),
    "medium": Words("中型", "medium"),
    "small": Words("小型", "small"),
    "micro": Words("微型", "micro"),
}


class SectorNotEncoded(Refused):
    zh = "行业 {sector} 的划型标准尚未编入，不能按“其他”处理。已编入的行业：{known}。"
    en = (
        "The size standard of the sector {sector} is not encoded, and it is not taken as “other”. Encoded are: {known}."
    )


@formula(
    POLICY,
    Words("企业规模类型", "size class of an enterprise"),
    facts=(facts.key("sector", "所属行业", "sector"), *MEASURES),
    results=("size",),
)
def size_class(given: Given, rules: Rules) -> Results:
    """The highest class whose lower bounds are all met; a firm that meets those of none is micro."""
    sector = str(given.key("sector").value)
    known = [str(row["sector"]) for row in rules.rows("sectors")]
    if sector not in known:
        raise SectorNotEncoded(cite=rules.cite("sectors"), sector=shown(sector), known=", ".join(known))
    classes = [row for row in rules.rows("lower_bounds") if row["sector"] == sector]
    _complete(given, classes)

    compared: list[Step] = []
    reached = "micro"
    for row in classes:
        step = _meets(given, rules, row)
        compared.append(step)
        if step.value:
            reached = str(row["size"])
            break
    inputs = (given.key("sector").step, *compared)
    return {"size": told(reached, "classify", "key", inputs, SIZES[reached])}


def _complete(given: Given, classes: list[Row]) -> None:
    """What this sector is measured by must be given; the rest may be left out."""
    missing = [fact for fact in MEASURES if fact.name in classes[0] and not given.has(fact.name)]
    if missing:
        raise InvalidFacts(
            POLICY,
            tuple(
                Words(f"缺少 {fact.name}，{fact.expected.zh}", f"{fact.name} is missing; it {fact.expected.en}")
                for fact in missing
            ),
        )


def _meets(given: Given, rules: Rules, row: Row) -> Step:
    """Whether every lower bound of one class is met."""
    size = SIZES[str(row["size"])]
    bounds = []
    for fact in MEASURES:
        if fact.name in row:
            words = Words(f"{size.zh}：{fact.words.zh}下限", f"{size.en}: least {fact.words.en}")
            bound = rules.cell("lower_bounds", row, fact.name, words)
            measured = given.figure(fact.name)
            met = measured.value >= bound.value
            bounds.append(Step(fact.words, "at least", met, "flag", (measured.step, bound.step)))
    words = Words(f"达到{size.zh}的全部下限", f"meets all lower bounds of {size.en}")
    return Step(words, "all", all(step.value for step in bounds), "flag", tuple(bounds))
