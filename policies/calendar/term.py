"""`calendar/working-days`: the day on which a term of working days ends."""

from dataclasses import replace
from datetime import date

from policies.calendar.table import POLICY, read_table
from policies.kernel import facts
from policies.kernel.derivation import Step
from policies.kernel.facts import Given
from policies.kernel.figures import told
from policies.kernel.parameters import Block, Rules, block_leaf
from policies.kernel.refusals import RuleNotYetInForce
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

WORKING_DAYS_MAX = 25_000
"""Longest term that is counted, about a hundred years of working days."""

NOT_PUBLISHED = Words(
    "该年放假安排尚未公布（或尚未录入），按周一至周五扣除已知法定节日计算，日期可能变动",
    "the notice for that year is not published yet: Monday to Friday less the statutory days known; the date may move",
)


@formula(
    POLICY,
    Words("工作日期限", "term in working days"),
    facts=(
        facts.day("from", "起算日（当日不计）", "day from which the term runs (not counted)"),
        facts.count("working_days", "工作日数", "working days", "working_days", largest=WORKING_DAYS_MAX),
    ),
    results=("date", "provisional"),
)
def term(given: Given, rules: Rules) -> Results:
    """Count from the day after; a term into a year without a notice is provisional."""
    start, start_leaf = given.day("from")
    length = given.figure("working_days")
    arrangement = rules.policy.parameters["arrangement"]
    first = arrangement.blocks[0]
    if (earliest := min(start, rules.on)) < first.effective_from:
        raise RuleNotYetInForce(arrangement.title, earliest, first.effective_from, str(first.cite))

    end = read_table(rules.policy, rules.known_on).after(start, length.value)

    notices = _notices(rules, start, end.date)
    inputs = (start_leaf, length.step, rules.flag("first_day_counted").step, *notices)
    return {
        "date": told(
            end.date.isoformat(), "count working days", "date", inputs, Words("期限届满日", "last day of the term")
        ),
        "provisional": told(
            end.provisional,
            "notice not published",
            "flag",
            (start_leaf, length.step, *notices),
            Words("暂定", "provisional"),
            note=NOT_PUBLISHED if end.provisional else None,
        ),
    }


def _notices(rules: Rules, start: date, end: date) -> tuple[Step, ...]:
    """The notices, and for years without one the statutory days, that the term runs through."""
    through = []
    published = set()
    for name in ("arrangement", "statutory"):
        for block in rules.policy.parameters[name].known(rules.known_on):
            year = _last_year(block)
            if start.year <= year <= end.year and not (name == "statutory" and year in published):
                through.append(replace(block_leaf(rules.policy.name, name, block, year), unit="year"))
                published.add(year)
    return tuple(through)


def _last_year(block: Block) -> int:
    return block.effective_until.year if block.effective_until else block.effective_from.year
