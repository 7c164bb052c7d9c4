"""`fees/tax-split`: the net amount and the value-added tax in a price."""

from policies.kernel import facts
from policies.kernel.facts import Given
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words


@formula(
    "fees/tax-split",
    Words("价税分离", "net amount and tax in a price"),
    facts=(
        facts.fen("gross_fen", "含税金额", "amount with tax"),
        facts.rate("vat_rate", "增值税税率", "rate of value-added tax"),
    ),
    results=("net_fen", "vat_fen"),
)
def tax_split(given: Given, rules: Rules) -> Results:
    """The net amount half-up; the tax is the rest, so the two always add up to the price."""
    gross = given.figure("gross_fen")

    net = gross.without(given.rate("vat_rate"), rules.key("sales_amount")).half_up(Words("不含税金额", "net amount"))

    return {"net_fen": net, "vat_fen": gross.less(net, words=Words("税额", "value-added tax"))}
