"""Entries, their printed lines, and the templates that declare them."""

from collections import Counter
from datetime import date

import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st

from ledger.amounts import AMOUNT_MAX, AmountNotWhole, AmountOutOfRange, whole_amount, yuan
from ledger.errors import Invalid
from ledger.journal.accounts import AccountClass, AccountType, Chart, Normal
from ledger.journal.assets import CAPITAL, CNY, VOUCHER
from ledger.journal.entries import Entry, Transfer, entry, lines, move
from ledger.journal.templates import Flow, Template, Templates, Undeclared

TODAY = date(2017, 3, 1)
ACCOUNTS = (toy.source(), toy.fund(), toy.purse("a"), toy.purse("b"), toy.held("a"), toy.spent())
MONEY = (toy.bank("U"), toy.income("U"), toy.bank("K"), toy.income("K"))

amounts = st.one_of(st.integers(1, AMOUNT_MAX), st.sampled_from([1, 2**31, AMOUNT_MAX - 1, AMOUNT_MAX]))
pairs = st.lists(st.sampled_from(ACCOUNTS), min_size=2, max_size=2, unique_by=lambda account: account.address)
transfers = st.builds(lambda pair, amount: Transfer(pair[0], pair[1], amount), pairs, amounts)

NO_AMOUNTS = [
    0,
    -1,
    -AMOUNT_MAX,
    AMOUNT_MAX + 1,
    2**63 - 1,
    2**63,
    True,
    False,
    1.0,
    0.5,
    float("nan"),
    "1",
    "",
    None,
    b"1",
]


# -- entries -----------------------------------------------------------------------------------------------------------


@given(st.lists(transfers, min_size=1, max_size=20))
def test_what_an_entry_debits_it_credits_in_every_asset(moved: list[Transfer]) -> None:
    posted = Entry("toy.any", TODAY, tuple(moved))

    difference: Counter[str] = Counter()
    for transfer in posted.transfers:
        difference[transfer.debit.asset.code] += transfer.amount
        difference[transfer.credit.asset.code] -= transfer.amount
    assert set(difference.values()) == {0}


def test_the_capital_of_one_firm_is_not_that_of_another() -> None:
    """A family of assets: accounts of one firm go together, those of two never do."""
    held = AccountClass("toy:holding:{firm}:{holder}", CAPITAL, AccountType.BUCKET, Normal.DEBIT, "持有", "held")
    issued = AccountClass("toy:issued:{firm}", CAPITAL, AccountType.SOURCE, Normal.CREDIT, "发行", "issued")
    mine, yours = held.at(entity="U", firm="A", holder="U"), held.at(entity="U", firm="B", holder="U")

    assert Transfer(mine, issued.at(entity="U", firm="A"), 1).debit.asset.code == "CAPITAL:A"
    with pytest.raises(ValueError, match="hold different assets"):
        Transfer(yours, issued.at(entity="U", firm="A"), 1)


@given(st.lists(transfers, min_size=1, max_size=20))
def test_a_transfer_reversed_twice_is_itself_and_once_cancels_it(moved: list[Transfer]) -> None:
    for transfer in moved:
        assert transfer.reversed.reversed == transfer
        both = [leg for t in (transfer, transfer.reversed) for leg in ((t.debit, t.amount), (t.credit, -t.amount))]
        assert sum(amount for account, amount in both if account == transfer.debit) == 0


@pytest.mark.parametrize("amount", NO_AMOUNTS)
def test_a_transfer_moves_a_positive_whole_amount_up_to_the_largest(amount: object) -> None:
    with pytest.raises(ValueError, match="whole units"):
        Transfer(toy.purse("a"), toy.fund(), amount)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("debit", "credit", "says"),
    [
        (toy.purse("a"), toy.purse("a"), "debited and credited by one"),
        (toy.purse("a"), toy.income(), "different assets"),
        (toy.bank("U"), toy.income("K"), "does not pass between U and K"),
    ],
)
def test_a_transfer_joins_two_accounts_of_one_asset_and_money_stays_within_its_entity(
    debit: toy.Account, credit: toy.Account, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        Transfer(debit, credit, 1)


def test_money_does_not_pass_between_the_sides_of_one_party() -> None:
    budgetary = AccountClass(
        "toy:fiscal:{party}", CNY, AccountType.BUDGET_INCOME, Normal.CREDIT, "财政", "fiscal", toy.Side.BUDGETARY
    ).at(entity="U", party="U")

    with pytest.raises(ValueError, match="side"):
        Transfer(toy.bank("U"), budgetary, 1)


def test_authority_names_its_budget_line_and_nothing_else_does() -> None:
    available, authority = toy.AVAILABLE.at(entity="K"), toy.AUTHORITY.at(entity="K")

    assert Transfer(available, authority, 1, "L-1").budget_line == "L-1"
    with pytest.raises(ValueError, match="budget line"):
        Transfer(available, authority, 1)
    with pytest.raises(ValueError, match="budget line"):
        Transfer(toy.purse("a"), toy.fund(), 1, "L-1")


def test_a_zero_line_is_left_out_and_an_entry_of_none_is_refused() -> None:
    nothing = move(0, debit=toy.purse("a"), credit=toy.fund())

    assert nothing == ()
    with pytest.raises(ValueError, match="says nothing"):
        entry("toy.grant", TODAY, nothing, nothing)


# -- amounts -----------------------------------------------------------------------------------------------------------


@given(amounts)
def test_a_whole_amount_in_range_is_itself(amount: int) -> None:
    assert whole_amount(amount) == amount


@pytest.mark.parametrize("amount", NO_AMOUNTS)
def test_what_is_no_amount_gets_a_sentence_with_its_value(amount: object) -> None:
    with pytest.raises(Invalid) as refused:
        whole_amount(amount)

    assert refused.type in {AmountNotWhole, AmountOutOfRange}
    for language in ("zh", "en"):
        assert str(amount) in refused.value.say(language)


@pytest.mark.parametrize(
    ("fen", "shown"), [(0, "0.00"), (1, "0.01"), (123_45, "123.45"), (1_234_567_89, "1,234,567.89"), (-5, "-0.05")]
)
def test_fen_are_shown_as_yuan(fen: int, shown: str) -> None:
    assert yuan(fen) == shown


# -- lines -------------------------------------------------------------------------------------------------------------


@given(st.lists(transfers, max_size=20))
def test_lines_add_up_to_the_transfers_account_by_account(moved: list[Transfer]) -> None:
    rows = [(t.debit.address, t.credit.address, t.debit.asset.code, t.amount) for t in moved]

    printed = lines(rows)

    expected: Counter[tuple[str, str, str]] = Counter()
    for debit, credit, asset, amount in rows:
        expected[asset, debit, "debit"] += amount
        expected[asset, credit, "credit"] += amount
    found = {
        (line.asset, line.address, "debit" if line.debit else "credit"): line.debit + line.credit for line in printed
    }
    assert found == dict(expected)
    assert len(printed) == len(expected)
    assert all(bool(line.debit) != bool(line.credit) for line in printed)


def test_lines_stand_debits_first_within_each_asset() -> None:
    printed = lines(
        [
            ("toy:spent", "toy:held:a", "VOUCHER", 70),
            ("toy:purse:a", "toy:held:a", "VOUCHER", 30),
            ("toy:bank:U", "toy:income:U", "CNY", 70),
        ]
    )

    assert [(line.asset, line.address, line.debit, line.credit) for line in printed] == [
        ("CNY", "toy:bank:U", 70, 0),
        ("CNY", "toy:income:U", 0, 70),
        ("VOUCHER", "toy:purse:a", 30, 0),
        ("VOUCHER", "toy:spent", 70, 0),
        ("VOUCHER", "toy:held:a", 0, 100),
    ]


# -- accounts and templates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["", "a:b", "a b", "a\n", "x" * 65, "{", "ä", "a/b", "\x00"])
def test_no_part_of_an_address_can_look_like_another(part: str) -> None:
    with pytest.raises(ValueError, match="cannot stand as purse"):
        toy.purse(part)


def test_an_address_needs_all_its_parts_and_no_others() -> None:
    with pytest.raises(ValueError, match="takes"):
        toy.PURSE.at(entity="K")
    with pytest.raises(ValueError, match="takes"):
        toy.PURSE.at(entity="K", purse="a", contract="c")


@given(st.sampled_from(ACCOUNTS + MONEY))
def test_the_chart_finds_the_class_that_made_an_address(account: toy.Account) -> None:
    chart = Chart(toy.TOY.accounts)

    assert chart.class_of(account.address) is account.of
    assert chart.class_of(account.address + ":more") is None


def test_two_lines_of_the_chart_or_two_templates_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match="share one pattern"):
        Chart(toy.TOY.accounts, (toy.FUND,))
    with pytest.raises(ValueError, match="share one name"):
        Templates(toy.TEMPLATES, toy.TEMPLATES[:1])


TOY_TEMPLATES = Templates(toy.TEMPLATES)


@given(st.sampled_from(toy.TEMPLATES), pairs, st.booleans())
def test_only_declared_flows_pass(template: Template, pair: list[toy.Account], reversal: bool) -> None:  # noqa: FBT001
    debit, credit = pair
    posted = Entry(template.name, TODAY, (Transfer(debit, credit, 1),), reverses=1 if reversal else None)
    way = (credit, debit) if reversal else (debit, credit)
    purses = {account.parts["purse"] for account in pair if "purse" in account.parts}
    declared = any((flow.debit, flow.credit) == (way[0].of, way[1].of) for flow in template.flows)

    if declared and (len(purses) < 2 or "purse" not in template.agree):
        TOY_TEMPLATES.check(posted)
    else:
        with pytest.raises(Undeclared):
            TOY_TEMPLATES.check(posted)


def test_parts_that_must_agree_agree_over_the_whole_entry() -> None:
    with pytest.raises(Undeclared, match="mixes purse a with b"):
        TOY_TEMPLATES.check(
            entry(
                "toy.spend",
                TODAY,
                move(1, debit=toy.spent(), credit=toy.held("a")),
                move(1, debit=toy.purse("b"), credit=toy.held("b")),
            )
        )


def test_an_unknown_template_is_a_bug_and_no_answer() -> None:
    with pytest.raises(Undeclared, match="no template"):
        TOY_TEMPLATES.check(entry("toy.steal", TODAY, move(1, debit=toy.purse("a"), credit=toy.fund())))


def test_a_flow_is_of_classes_and_not_of_look_alikes() -> None:
    look_alike = AccountClass("toy:fund", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "基金", "fund")

    with pytest.raises(Undeclared):
        TOY_TEMPLATES.check(entry("toy.grant", TODAY, move(1, debit=toy.purse("a"), credit=look_alike.at(entity="K"))))
    assert not Flow(toy.PURSE, toy.FUND).carries(Transfer(toy.fund(), toy.purse("a"), 1), reversal=False)
