"""What a decision adds to a subsidy: what is due less what was awarded before, and nothing below nought."""

from policies.kernel import facts
from policies.kernel.facts import Given
from policies.kernel.figures import Figure, chosen
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

TOP_UP = "subsidies/top-up"
MORE = Words("补发", "topped up")


@formula(
    TOP_UP,
    Words("补贴补发", "topping up a subsidy"),
    facts=(
        facts.fen("due_fen", "核定应发", "what is due"),
        facts.fen("had_fen", "此前已批准", "what was awarded before"),
    ),
    results=("top_up_fen",),
    rules="subsidies/top-up",
)
def top_up(given: Given, rules: Rules) -> Results:
    """Nothing is taken back here of what was awarded before, be it more than is due: that needs a ruling."""
    flag = rules.flag("pays_differences")
    missing = given.figure("due_fen").room_after(given.figure("had_fen"), Words("差额", "the difference"))

    return {"top_up_fen": chosen(flag, missing, Figure.none(flag, "fen", MORE), MORE)}
