"""`equity/exit`: what a holding that is sold had cost, what is gained, and what goes to the treasury."""

from fractions import Fraction

from policies.kernel import facts
from policies.kernel.derivation import Step
from policies.kernel.facts import Given
from policies.kernel.figures import Figure, Unrounded, chosen
from policies.kernel.parameters import Rules
from policies.kernel.refusals import InvalidFacts
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

POLICY = "equity/exit"


@formula(
    POLICY,
    Words("股权退出", "exit from a holding"),
    facts=(
        facts.fen("cost_fen", "持股的账面成本", "cost of the holding"),
        facts.fen("held_fen", "持有的注册资本", "registered capital held", least=1),
        facts.fen("sold_fen", "转出的注册资本", "registered capital that goes", least=1),
        facts.fen("price_fen", "转让收入", "proceeds"),
        facts.flag("gain_retained", "经批准留存收益", "the gain is retained, by approval"),
    ),
    results=("cost_part_fen", "gain_fen", "loss_fen", "to_treasury_fen", "retained_fen"),
)
def exit_proceeds(given: Given, rules: Rules) -> Results:
    """The cost goes by the part of the capital that goes, half-up; the last part takes what is left of it.

    All proceeds are due to the treasury; of a gain that an approval lets the unit keep, what the holding cost is.
    """
    cost, held, sold, price = (given.figure(name) for name in ("cost_fen", "held_fen", "sold_fen", "price_fen"))
    if sold.value > held.value:
        wrong = Words(
            "sold_fen 不能大于 held_fen：只能转出持有的部分",
            "sold_fen must not exceed held_fen: what is held can go",
        )
        raise InvalidFacts(POLICY, (wrong,))
    part = Unrounded(
        Fraction(cost.value * sold.value, held.value), "multiply by part", "fen", (cost.step, sold.step, held.step)
    ).half_up(Words("转出部分的成本", "cost of what goes"))
    covered = price.at_most(part, Words("收入中相当于成本的部分", "proceeds up to the cost"))
    gain = price.less(covered, words=Words("收益", "gain"))
    to_treasury = chosen(
        given.flag("gain_retained"),
        _handed_on(covered, rules, Words("相当于成本的部分上缴", "what it cost is handed on")),
        _handed_on(price, rules, Words("收入全部上缴", "all proceeds are handed on")),
        Words("应缴财政款", "due to the treasury"),
    )
    return {
        "cost_part_fen": part,
        "gain_fen": gain,
        "loss_fen": part.less(covered, words=Words("损失", "loss")),
        "to_treasury_fen": to_treasury,
        "retained_fen": price.less(to_treasury, words=Words("留存", "retained")),
    }


def _handed_on(amount: Figure, rules: Rules, words: Words) -> Figure:
    """In full, by the article that gives it to the treasury."""
    step = Step(words, "in full", amount.value, "fen", (amount.step, rules.key("proceeds_to_treasury").step))
    return Figure(amount.value, step)
