"""What a unit scores under an indicator system, and in which order units stand."""

from collections.abc import Sequence
from fractions import Fraction

from policies.kernel import facts
from policies.kernel.derivation import Step
from policies.kernel.facts import Given
from policies.kernel.figures import Figure, Table, Unrounded
from policies.kernel.parameters import Rules
from policies.kernel.refusals import InvalidFacts
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

SHARING = "共享服务"
SCORE = Words("得分", "score")
SYSTEM = Words("评价得分（权重为虚构）", "score of an evaluation (invented weights)")
SCORES = facts.rows(
    "scores",
    "各二级指标得分",
    "score of each indicator of the second level",
    facts.key("indicator", "二级指标", "indicator"),
    facts.count("score_hundredths", "得分（百分之一分，满分100分）", "score in hundredths of a point", largest=10_000),
)
_HUNDRED = Fraction(100)
_RESULTS = ("total_hundredths", "sharing_hundredths")


@formula("evaluation/national-2018", SYSTEM, facts=(SCORES,), results=_RESULTS)
@formula("evaluation/national-2021", SYSTEM, facts=(SCORES,), results=_RESULTS)
@formula("evaluation/national-2026", SYSTEM, facts=(SCORES,), results=_RESULTS)
def score(given: Given, rules: Rules) -> Results:
    """Each indicator's score by its weight; the sum, and of it what sharing (共享服务) brings, which orders ties."""
    structure = rules.rows("structure")
    scored = _by_indicator(given, [str(row["second"]) for row in structure])
    parts = {str(row["second"]): _weighed(scored[str(row["second"])], str(row["second"]), rules) for row in structure}
    sharing = [parts[str(row["second"])] for row in structure if row["first"] == SHARING]

    return {
        "total_hundredths": _points(list(parts.values()), Words("总分（百分之一分）", "total, in hundredths")),
        "sharing_hundredths": _points(sharing, Words("共享服务得分（百分之一分）", "of sharing, in hundredths")),
    }


def _by_indicator(given: Given, wanted: Sequence[str]) -> dict[str, Figure]:
    """Every indicator once, and no other.

    Raises:
        InvalidFacts: naming what is missing, unknown or there twice.
    """
    rows = given.rows("scores")
    names = [str(row.values["indicator"]) for row in rows]
    problems = [
        *(Words(f"scores 缺少“{name}”", f"scores lacks “{name}”") for name in wanted if name not in names),
        *(Words(f"scores 中没有“{name}”这一指标", f"“{name}” is no indicator") for name in names if name not in wanted),
        *(
            Words(f"scores 中“{name}”出现两次", f"scores has “{name}” twice")
            for name in wanted
            if names.count(name) > 1
        ),
    ]
    if problems:
        raise InvalidFacts("evaluation", tuple(problems))
    return {name: row.figure("score_hundredths") for name, row in zip(names, rows, strict=True)}


def _weighed(points: Figure, indicator: str, rules: Rules) -> Figure:
    """Hundredths of a point times percent."""
    row = next(row for row in rules.rows("weights") if row["second"] == indicator)
    weight = rules.cell("weights", row, "percent", Words(f"{indicator}：权重", f"weight of {indicator}"))
    return weight.times(points, Words(indicator, indicator))


def _points(parts: Sequence[Figure], words: Words) -> Figure:
    total = sum(part.value for part in parts)
    added = Step(Words("加权之和", "weighed and added"), "add", total, "count", tuple(part.step for part in parts))
    return Unrounded(Figure(total, added).value / _HUNDRED, "divide by 100", "count", (added,)).half_up(words)


@formula(
    "evaluation/ranking",
    Words("排序", "the order of units"),
    facts=(
        facts.rows(
            "units",
            "管理单位",
            "units",
            facts.key("code", "单位代码", "code"),
            facts.count("total_hundredths", "总分", "total", largest=10_000),
            facts.count("sharing_hundredths", "共享服务得分", "of sharing", largest=10_000),
        ),
    ),
    results=("units",),
    rules="evaluation/national-2026",
)
def ranking(given: Given, rules: Rules) -> Results:
    """The higher total first; ties by what sharing brings; who is equal in both shares a rank."""
    rows = given.rows("units")
    codes = [str(row.values["code"]) for row in rows]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise InvalidFacts(
            "evaluation/ranking", tuple(Words(f"units 中 {code} 出现两次", f"units has {code} twice") for code in twice)
        )

    def merit(row: Given) -> tuple[int, int]:
        return (-row.figure("total_hundredths").value, -row.figure("sharing_hundredths").value)

    ordered = sorted(rows, key=lambda row: (merit(row), str(row.values["code"])))
    merits = [merit(row) for row in ordered]
    ranks = [merits.index(one) + 1 for one in merits]
    told = [row.figure(name).step for row in ordered for name in ("total_hundredths", "sharing_hundredths")]
    step = Step(Words("名次", "rank"), "order", len(rows), "count", (rules.key("tie_by").step, *told))
    return {
        "units": Table(
            [
                {
                    "rank": rank,
                    "code": str(row.values["code"]),
                    "total_hundredths": -total,
                    "sharing_hundredths": -sharing,
                }
                for rank, row, (total, sharing) in zip(ranks, ordered, merits, strict=True)
            ],
            step,
        )
    }
