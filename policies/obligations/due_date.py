"""`obligations/…-due-date`: the last day on which what is owed back can be paid without being late."""

from policies.calendar.table import POLICY as CALENDAR
from policies.calendar.table import read_table
from policies.calendar.term import NOT_PUBLISHED
from policies.kernel import facts
from policies.kernel.facts import Given
from policies.kernel.figures import told
from policies.kernel.loading import read_policy
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words
from policies.obligations.terms import in_working_days, last_day

DUE_DATE = Words("应追回款项的缴回期限", "term for paying back")
DECIDED_ON = facts.day("decided_on", "决定日期（当日不计）", "day of the decision (not counted)")


@formula(
    "obligations/default-due-date",
    DUE_DATE,
    facts=(DECIDED_ON,),
    results=("due_on", "provisional"),
    rules="obligations/default",
)
@formula(
    "obligations/jinyun-2017-due-date",
    DUE_DATE,
    facts=(DECIDED_ON,),
    results=("due_on", "provisional"),
    rules="obligations/jinyun-2017",
)
def due_date(given: Given, rules: Rules) -> Results:
    """The term of the policy from the day after the decision; working days by the shipped calendar."""
    decided_on, leaf = given.day("decided_on")
    days = rules.figure("days_to_pay")
    calendar = read_table(read_policy(CALENDAR), rules.known_on) if in_working_days(rules) else None

    due = last_day(decided_on, days.value, calendar)

    inputs = (leaf, days.step)
    return {
        "due_on": told(due.date.isoformat(), "count days", "date", inputs, Words("缴回期限届满日", "last day to pay")),
        "provisional": told(
            due.provisional,
            "notice not published",
            "flag",
            inputs,
            Words("暂定", "provisional"),
            note=NOT_PUBLISHED if due.provisional else None,
        ),
    }
