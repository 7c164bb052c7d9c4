"""The laws of postings.md hold after every step of any sequence: pure values, rules and postings, no database."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import count, product

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from ledger.budgets.ground import Ground
from ledger.budgets.postings import appropriation_entry, carry_in_entries, year_end_entry
from ledger.budgets.templates import TEMPLATES as BUDGET_TEMPLATES
from ledger.budgets.values import Appropriation, AppropriationState, BudgetYear, LineStanding, Nature
from ledger.fees.postings import bill_entry, receipt_entry, voucher_part_entry
from ledger.fees.templates import TEMPLATES as FEE_TEMPLATES
from ledger.fees.values import Bill
from ledger.journal.accounts import Normal
from ledger.journal.entries import Entry
from ledger.journal.templates import Templates
from ledger.vouchers import rules
from ledger.vouchers.bounce_postings import bounce_entries, later_bounce_entries
from ledger.vouchers.claim_postings import refusal_entries
from ledger.vouchers.claim_values import Charge, Claim, ClaimLine
from ledger.vouchers.postings import (
    acceptance_entry,
    approval_entries,
    expiry_entries,
    filing_entries,
    hold_expiry_entry,
    issue_entry,
    payment_entries,
    release_entry,
    reservation_entry,
    return_entries,
    unclaimed_entries,
)
from ledger.vouchers.states import ClaimState, ContractEnd
from ledger.vouchers.templates import TEMPLATES
from ledger.vouchers.values import Contract, Voucher
from policies.vouchers.schemes import scheme

DAY_ONE = date(2017, 3, 1)
K, UNITS, HOLDERS = "K", ("U1", "U2"), ("F1", "F2")
SCHEMES = {name: scheme(name, DAY_ONE, DAY_ONE) for name in ("jinyun-2017", "beijing-2015")}
LETTER_FEN = 10_000_000_00
YEARS = (2017, 2018, 2019)
BUCKETS = (
    *("appropriated", "carried-in"),
    *("available", "committed", "obligated", "expended", "lapsed", "bounced", "carried-out"),
)


class Shelf(RuleBasedStateMachine):
    """Two schemes, any number of vouchers, years that end; what stands is only what entries have moved."""

    vouchers = Bundle("vouchers")
    held = Bundle("held")
    accepted = Bundle("accepted")
    filed = Bundle("filed")
    approved = Bundle("approved")
    paid = Bundle("paid")

    def __init__(self) -> None:
        super().__init__()
        self.today = DAY_ONE
        self.standing: dict[str, int] = defaultdict(int)
        self.under: dict[tuple[str, str | None], int] = defaultdict(int)
        """What stands on each account under each budget line."""
        self.entity: dict[str, str] = {}
        self.issued: dict[str, Voucher] = {}
        self.contracts: dict[str, Contract] = {}
        self.charged: dict[str, int] = {}
        """Year of the budget that pays each approved claim, before it is carried over."""
        self.ended: dict[str, int] = dict.fromkeys(SCHEMES, 2016)
        """The last year of each scheme that has ended."""
        self.numbers = count(1)
        self.templates = Templates(TEMPLATES, FEE_TEMPLATES, BUDGET_TEMPLATES)

    @initialize()
    def appropriate(self) -> None:
        """For the year, and for the two after it, in which payments may come back."""
        for name, year in product(SCHEMES, YEARS):
            letter = Appropriation(
                number=f"AP-{year}",
                scheme=name,
                year=year,
                operator=K,
                nature=Nature.APPROPRIATE,
                letter_number="1",
                budget_line=f"AP-{year}",
                amount_fen=LETTER_FEN,
                fields=None,
                proposed_on=DAY_ONE,
                state=AppropriationState.PROPOSED,
            )
            self.post(appropriation_entry(letter, self.ground))

    @property
    def ground(self) -> Ground:
        return Ground(self.today)

    def post(self, *entries: Entry) -> None:
        """Nothing undeclared; at the end of an entry no account below nothing, but where its class lets it be."""
        for entry in entries:
            self.templates.check(entry)
            for transfer in entry.transfers:
                self.standing[transfer.debit.address] += transfer.amount
                self.standing[transfer.credit.address] -= transfer.amount
                self.under[transfer.debit.address, transfer.budget_line] += transfer.amount
                self.under[transfer.credit.address, transfer.budget_line] -= transfer.amount
                for account in (transfer.debit, transfer.credit):
                    assert self.entity.setdefault(account.address, account.entity) == account.entity
            for transfer in entry.transfers:
                for account in (transfer.debit, transfer.credit):
                    stands = self.standing[account.address]
                    own_side = stands if account.of.normal is Normal.DEBIT else -stands
                    assert own_side >= 0 or account.of.may_overdraw, account.address

    # -- what the values say, as the store would load it --------------------------------------------------------------

    def voucher(self, number: str) -> Voucher:
        voucher = self.issued[number]
        return replace(
            voucher,
            budget_year=self.carried(voucher.scheme, voucher.year),
            available_fen=self.standing[f"vouchers:available:{number}"],
        )

    def claim(self, claim: Claim) -> Claim:
        return replace(claim, budget_year=self.carried(claim.scheme, claim.year))

    def carried(self, name: str, year: int) -> int:
        """The year in which what is open of a year's budget stands now."""
        return max(year, self.ended[name] + 1)

    def contract(self, number: str) -> Contract:
        contract = self.contracts[number]
        of = f"{contract.voucher}:{number}"
        return replace(
            contract,
            held_fen=self.standing[f"vouchers:held:{of}"],
            redeemable_fen=self.standing[f"vouchers:redeemable:{of}"],
        )

    # -- the steps ----------------------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 90))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)

    @precondition(lambda self: self.today.year == 2017)
    @rule(
        target=vouchers,
        name=st.sampled_from(sorted(SCHEMES)),
        holder=st.sampled_from(HOLDERS),
        parts=st.integers(1, 40),
        odd_fen=st.integers(0, 99_999),
    )
    def issue(self, name: str, holder: str, parts: int, odd_fen: int) -> str:
        terms = SCHEMES[name]
        face = parts * terms.denomination_fen if terms.denomination_fen else parts * 1_000_00 + odd_fen
        voucher = Voucher(
            number=f"V-{next(self.numbers)}",
            scheme=name,
            year=2017,
            budget_year=2017,
            holder=holder,
            controller=holder,
            operator=K,
            budget_line="AP-2017",
            face_fen=face,
            denomination_fen=terms.denomination_fen,
            issued_on=self.today,
            expires_on=rules.months_later(self.today, terms.validity_months),
            expired_on=None,
            available_fen=face,
        )
        self.post(issue_entry(voucher, self.ground))
        self.issued[voucher.number] = voucher
        return voucher.number

    @rule(target=held, number=vouchers, unit=st.sampled_from(UNITS), share=st.integers(1, 100))
    def reserve(self, number: str, unit: str, share: int) -> object:
        voucher = self.voucher(number)
        part = voucher.denomination_fen or 1
        amount = voucher.available_fen * share // 100 // part * part
        if not amount or not voucher.valid_on(self.today):
            return multiple()
        contract = Contract(
            number=f"C-{next(self.numbers)}",
            voucher=number,
            unit=unit,
            contract_number="HT",
            service="x",
            fee_fen=amount * 2,
            service_ends_on=self.today,
            reserved_on=self.today,
            hold_until=rules.hold_until(self.today, 180, voucher.expires_on),
            held_fen=amount,
            redeemable_fen=0,
        )
        self.post(reservation_entry(voucher, contract.number, amount, self.ground))
        self.contracts[contract.number] = contract
        return contract.number

    @rule(target=accepted, number=consumes(held), fee=st.integers(1, 50_000_00), in_time=st.booleans())
    def accept(self, number: str, fee: int, *, in_time: bool) -> str:
        contract = self.contract(number)
        voucher = self.voucher(contract.voucher)
        terms = SCHEMES[voucher.scheme]
        share = terms.accepted(fee_fen=fee, held_fen=contract.held_fen).whole("public_fen")
        part = rules.smallest_part(voucher, change_given=terms.change_given, held_fen=contract.held_fen)
        split = rules.split_hold(contract.held_fen, share, part, valid=in_time and voucher.valid_on(self.today))
        bill = Bill(f"B-{number}", contract.unit, voucher.holder, "HT", "1", self.today, self.today, fee, fee, 0)
        self.post(bill_entry(bill, self.today, "", None))  # type: ignore[arg-type]  # no calculation is kept here
        self.post(acceptance_entry(voucher, contract, split, self.ground))
        if split.share_fen:
            self.post(voucher_part_entry(bill, split.share_fen, self.today))
        if fee > split.share_fen:
            self.post(receipt_entry(bill, fee - split.share_fen, self.today))
        self.contracts[number] = replace(contract, bill=bill.number, accepted_on=self.today)
        return number

    @rule(number=consumes(held))
    def release(self, number: str) -> None:
        contract = self.contract(number)
        voucher = self.voucher(contract.voucher)
        if voucher.valid_on(self.today):
            self.post(release_entry(voucher, contract, self.ground))
            self.contracts[number] = replace(contract, end=ContractEnd.RELEASED)
        else:
            self.post(hold_expiry_entry(voucher, contract, self.ground))
            self.contracts[number] = replace(contract, end=ContractEnd.EXPIRED)

    @rule(number=consumes(accepted))
    def not_claimed(self, number: str) -> None:
        contract = self.contract(number)
        if contract.redeemable_fen:
            self.post(*unclaimed_entries(self.voucher(contract.voucher), contract, self.ground))
        self.contracts[number] = replace(contract, end=ContractEnd.UNCLAIMED)

    @rule(target=filed, first=consumes(accepted), more=st.lists(consumes(accepted), max_size=2))
    def file(self, first: str, more: list[str]) -> object:
        """One unit, one scheme: what does not fit is left unclaimed."""
        chosen = [first]
        for number in more:
            if number not in chosen and self._fits(number, first):
                chosen.append(number)
        contracts = [self.contract(number) for number in chosen]
        lines = tuple(self._line(contract) for contract in contracts if contract.redeemable_fen)
        if not lines:
            return multiple()
        claim = Claim(
            number=f"CL-{next(self.numbers)}",
            unit=contracts[0].unit,
            on_bill=True,
            scheme=self.issued[contracts[0].voucher].scheme,
            year=2017,
            budget_year=2017,
            operator=K,
            filed_on=self.today,
            state=ClaimState.FILED,
            steps=0,
            notice_until=None,
            lines=lines,
        )
        self.post(*filing_entries(claim, self.ground))
        return claim

    def _fits(self, number: str, first: str) -> bool:
        one, other = self.contracts[number], self.contracts[first]
        return one.unit == other.unit and self.issued[one.voucher].scheme == self.issued[other.voucher].scheme

    def _line(self, contract: Contract) -> ClaimLine:
        voucher = self.issued[contract.voucher]
        return ClaimLine(
            contract=contract.number,
            voucher=voucher.number,
            holder=voucher.holder,
            unit=contract.unit,
            bill=str(contract.bill),
            amount_fen=contract.redeemable_fen,
            budget_line=voucher.budget_line,
        )

    @rule(target=accepted, claim=consumes(filed))
    def send_back(self, claim: Claim) -> object:
        self.post(*return_entries(self.claim(claim), self.ground))
        return multiple(*(line.contract for line in claim.lines))

    @rule(target=filed, claim=consumes(filed))
    def refuse_a_line(self, claim: Claim) -> object:
        line, *rest = claim.lines
        self.post(*refusal_entries(claim, line, self.voucher(line.voucher), self.ground))
        return replace(claim, lines=tuple(rest)) if rest else multiple()

    @rule(target=approved, claim=consumes(filed))
    def approve(self, claim: Claim) -> Claim:
        claim = self.claim(claim)
        self.post(*approval_entries(claim, self.ground))
        self.charged[claim.number] = claim.budget_year
        return claim

    @rule(target=paid, claim=consumes(approved))
    def pay(self, claim: Claim) -> tuple[Claim, date]:
        claim = replace(claim, budget_year=self.carried(claim.scheme, self.charged[claim.number]))
        self.post(*payment_entries(claim, self.ground))
        return claim, self.today

    @rule(target=approved, payment=consumes(paid))
    def bounce(self, payment: tuple[Claim, date]) -> object:
        """In the year of the payment, or in a later one, from whose budget it will be paid again."""
        claim, paid_on = payment
        if paid_on.year == self.today.year:
            open_in = self.carried(claim.scheme, self.charged[claim.number])
            self.post(*bounce_entries(claim, open_in, self.ground))
            self.charged[claim.number] = open_in
            return claim
        if self.today.year not in YEARS:
            return multiple()
        anew = Charge(self.today.year, f"AP-{self.today.year}")
        self.post(*later_bounce_entries(claim, anew, self.ground))
        self.charged[claim.number] = anew.year
        return replace(claim, lines=tuple(replace(line, budget_line=anew.budget_line) for line in claim.lines))

    @rule(number=consumes(vouchers))
    def expire(self, number: str) -> None:
        self.post(*expiry_entries(self.voucher(number), self.ground))
        self.issued[number] = replace(self.issued[number], expired_on=self.today)

    @precondition(lambda self: any(self.today.year > year + 1 for year in self.ended.values()))
    @rule()
    def the_oldest_year_ends(self) -> None:
        """What is open goes to the next year's budget, whatever it is and wherever it stands."""
        name = min(self.ended, key=lambda name: self.ended[name])
        year = self.ended[name] + 1
        if year + 1 not in YEARS:
            return
        of_line = {code: self.standing_under(name, year, code) for code in {f"AP-{n}" for n in YEARS}}
        lines = tuple(LineStanding(code, *fen) for code, fen in of_line.items() if any(fen))
        ended = BudgetYear(scheme=name, year=year, operator=K, lines=lines)
        self.post(year_end_entry(ended, self.ground), *carry_in_entries(ended, self.ground))
        self.ended[name] = year

    def standing_under(self, name: str, year: int, line: str) -> tuple[int, ...]:
        """What is available, committed and obligated in a year under one budget line."""
        return tuple(self.under[f"budget:{b}:{name}:{year}", line] for b in ("available", "committed", "obligated"))

    # -- the laws -----------------------------------------------------------------------------------------------------

    def face(
        self, *buckets: str, of: str | None = None, scheme_name: str | None = None, last: str | None = None
    ) -> int:
        """What stands in these buckets: of one voucher, of one scheme, with one last part of the address."""
        return sum(
            fen
            for address, fen in self.standing.items()
            if address.startswith("vouchers:")
            and address.split(":")[1] in buckets
            and (last is None or address.split(":")[-1] == last)
            and (of is None or address.split(":")[2] == of)
            and (scheme_name is None or self.issued[address.split(":")[2]].scheme == scheme_name)
        )

    @invariant()
    def every_voucher_is_conserved(self) -> None:
        everywhere = ("available", "held", "redeemable", "in-claim", "approved", "redeemed", "expired", "revoked")
        for number, voucher in self.issued.items():
            assert self.face(*everywhere, of=number) == voucher.face_fen

    @invariant()
    def the_budget_mirrors_the_vouchers(self) -> None:
        for name, year in product(SCHEMES, YEARS):
            budget = {bucket: self.standing[f"budget:{bucket}:{name}:{year}"] for bucket in BUCKETS}
            open_face = self.face("available", "held", "redeemable", "in-claim", scheme_name=name)
            assert budget["committed"] == (open_face if year == self.carried(name, 2017) else 0)
            assert budget["obligated"] == self.approved_from(name, year)
            assert budget["expended"] == self.face("redeemed", scheme_name=name, last=str(year))
            assert sum(budget.values()) == 0
            assert budget["carried-in"] == -self.standing[f"budget:carried-out:{name}:{year - 1}"]
            if self.standing:
                assert budget["appropriated"] == -LETTER_FEN

    def approved_from(self, name: str, year: int) -> int:
        """Approved face value of a scheme that a year's budget pays."""
        return sum(
            self.face("approved", scheme_name=name, last=number)
            for number, charged in self.charged.items()
            if self.carried(name, charged) == year
        )

    @invariant()
    def units_and_the_commission_agree_with_the_vouchers(self) -> None:
        for unit in UNITS:
            on_bills = sum(
                fen
                for address, fen in self.standing.items()
                if address.startswith("fees:voucher:") and self.entity.get(address) == unit
            )
            on_vouchers = sum(
                fen
                for address, fen in self.standing.items()
                if address.split(":")[1] in {"redeemable", "in-claim", "approved"} and self.entity.get(address) == unit
            )
            assert on_bills == on_vouchers
        owed = -sum(fen for address, fen in self.standing.items() if address.startswith("payable:"))
        assert owed == self.face("approved")

    @invariant()
    def both_sides_of_each_party_balance(self) -> None:
        """Money of one party never meets another's; what was paid stands on the budgetary side too."""
        for party in (K, *UNITS):
            financial = ("expense:", "payable:", "fiscal-income:", "prior-years:", "fees:", "bank:")
            assert sum(self._of(party, *financial)) == 0
            assert sum(self._of(party, "7101:", "6001:", "8001:", "6101:", "8202:")) == 0
        bounced = sum(fen for address, fen in self.standing.items() if address.startswith("budget:bounced:"))
        assert self.standing[f"7101:{K}"] == self.face("redeemed") + bounced
        assert self.standing[f"prior-years:{K}"] == bounced

    def _of(self, party: str, *prefixes: str) -> list[int]:
        return [
            fen
            for address, fen in self.standing.items()
            if address.startswith(prefixes) and self.entity.get(address) == party
        ]


TestShelf = Shelf.TestCase
TestShelf.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_a_payment_that_comes_back_in_a_later_year_keeps_the_laws() -> None:
    """Always the same: what is drawn above seldom comes as far."""
    shelf = Shelf()
    shelf.appropriate()
    voucher = shelf.issue(name="jinyun-2017", holder="F1", parts=10, odd_fen=7)
    contract = shelf.accept(str(shelf.reserve(voucher, "U1", 50)), 20_000_00, in_time=True)
    claim = shelf.file(contract, [])
    assert isinstance(claim, Claim)
    payment = shelf.pay(shelf.approve(claim))
    shelf.days_pass(365)
    again = shelf.bounce(payment)

    assert isinstance(again, Claim)
    assert shelf.standing[f"prior-years:{K}"] == sum(line.amount_fen for line in claim.lines) > 0
    shelf.both_sides_of_each_party_balance()
    shelf.every_voucher_is_conserved()
    shelf.the_budget_mirrors_the_vouchers()
    shelf.units_and_the_commission_agree_with_the_vouchers()
