"""`equity/dividend`: what a holding gets of a distribution."""

from fractions import Fraction

from policies.kernel import facts
from policies.kernel.facts import Given
from policies.kernel.figures import Unrounded
from policies.kernel.parameters import Rules
from policies.kernel.refusals import InvalidFacts
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

POLICY = "equity/dividend"


@formula(
    POLICY,
    Words("应得股利", "dividend of a holding"),
    facts=(
        facts.fen("distributed_fen", "企业分配的利润", "profit that the firm distributes"),
        facts.fen("held_fen", "持有的注册资本", "registered capital held"),
        facts.fen("registered_fen", "注册资本", "registered capital", least=1),
    ),
    results=("dividend_fen",),
)
def dividend(given: Given, rules: Rules) -> Results:
    """By the exact share of the registered capital paid in, half-up."""
    distributed, held, registered = (given.figure(name) for name in ("distributed_fen", "held_fen", "registered_fen"))
    if held.value > registered.value:
        wrong = Words(
            "held_fen 不能大于 registered_fen：持有的是注册资本的一部分",
            "held_fen must not exceed registered_fen: it is a part of it",
        )
        raise InvalidFacts(POLICY, (wrong,))
    exact = Fraction(distributed.value * held.value, registered.value)
    inputs = (distributed.step, held.step, registered.step, rules.key("by_paid_in_share").step)
    words = Words("应得股利", "dividend")
    return {"dividend_fen": Unrounded(exact, "multiply by part", "fen", inputs).half_up(words)}
