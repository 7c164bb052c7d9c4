"""`obligations/…-late-interest`: what being late with paying back costs, where a scheme has it."""

from policies.kernel import facts
from policies.kernel.errors import Refused
from policies.kernel.facts import Given
from policies.kernel.figures import Unrounded
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words, yuan


class NothingToCharge(Refused):
    zh = "逾期应加收 {due} 元，此前已加收 {charged} 元：没有可再加收的金额。"
    en = "Being late costs {due} yuan by now, and {charged} yuan are charged already: there is nothing more to charge."


@formula(
    "obligations/jinyun-2017-late-interest",
    Words("逾期加收", "late interest"),
    facts=(
        facts.fen("principal_fen", "应缴回的本金", "principal to be paid back"),
        facts.count(
            "late_fen_days",
            "逾期积数（每日未缴本金之和，分·天）",
            "principal open on each day after the term, added up (fen-days)",
            "fen_days",
        ),
        facts.fen("charged_fen", "此前已加收", "charged before"),
    ),
    results=("interest_fen",),
    rules="obligations/jinyun-2017",
)
def late_interest(given: Given, rules: Rules) -> Results:
    """The rate for each day on what was open on it, half-up once; at most the principal, less what was charged."""
    late, charged = given.figure("late_fen_days"), given.figure("charged_fen")
    rate = rules.ratio("late_interest_per_day")

    exact = Unrounded(late.value * rate.value, "multiply", "fen", (late.step, rate.step))
    most = given.figure("principal_fen").share(rules.ratio("late_interest_max"))
    due = exact.half_up(Words("按日加收", "by the day")).at_most(
        most.rounded_down(Words("加收上限", "most that can be charged")), Words("累计加收", "charged by now, at most")
    )
    interest = due.room_after(charged, Words("本次加收", "charged now"))

    if not interest.value:
        raise NothingToCharge(
            cite=rules.cite("late_interest_per_day"), due=yuan(due.value), charged=yuan(charged.value)
        )
    return {"interest_fen": interest}
