"""Scores of units, a column for each indicator: what a department hands in for a round of evaluation.  (pure)"""

from collections.abc import Sequence
from typing import Final

from api.imports.cells import OutOfRange, points, text, whole
from api.imports.columns import UNIT
from api.imports.sheets import By, Column, Lookups, Sheet, Values
from ledger.evaluation.score_units import ScoreUnits
from ledger.evaluation.values import IndicatorScore, UnitScores, evaluation_id
from ledger.executor.commands import Command
from policies.evaluation.rounds import SYSTEMS, indicators_of
from policies.kernel.words import Words

POINTS_MAX_HUNDREDTHS: Final = 100_00
"""Under any indicator: how much of the total that is, the weights say."""


def _sheet(system: str) -> Sheet:
    indicators = indicators_of(system)

    def commands(values: Values, by: By, key: str, _lookups: Lookups) -> Sequence[Command]:
        scores = tuple(IndicatorScore(name, _hundredths(values[name])) for name in indicators)
        return [
            by.command(
                ScoreUnits,
                key,
                evaluation=evaluation_id(system, int(str(values["year"]))),
                units=(UnitScores(str(values["unit"]), scores),),
                reason=str(values.get("reason", "")),
            )
        ]

    return Sheet(
        f"scores-{system}",
        Words(f"评价得分 {system}", f"scores {system}"),
        (
            Column("year", Words("评价年度", "year"), whole, Words("公布等次的年度", "Of the round"), "2024"),
            UNIT,
            *map(_indicator, indicators),
            Column(
                "reason",
                Words("重新评分的理由", "reason"),
                text,
                Words("该单位已有得分时必填", "Where the unit has a score already"),
                "",
                required=False,
            ),
        ),
        commands,
        once=lambda values: f"{values['unit']} {values['year']}",
    )


def _indicator(name: str) -> Column:
    note = Words("得分，0 至 100，最多两位小数", "Points from 0 to 100, at most two decimals")
    return Column(name, Words(name, name), _score, note, "85.50")


def _score(cell: object) -> int:
    hundredths = points(cell)
    if not 0 <= hundredths <= POINTS_MAX_HUNDREDTHS:
        raise PointsOutOfRange(value=text(cell))
    return hundredths


def _hundredths(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value


class PointsOutOfRange(OutOfRange):
    zh = "“{value}”超出每项满分。请填写 0 至 100 之间的得分。"
    en = "“{value}” is outside the range of an indicator. Write points from 0 to 100."


SHEETS: Final = tuple(map(_sheet, SYSTEMS))
