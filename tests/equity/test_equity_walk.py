"""Whatever is done, in whatever order: each fen of a fee is in one place, and nothing supervised becomes a share."""

from datetime import timedelta
from typing import Any

from databases import Cluster
from equity_books import FIRM, LAB, University, open_university
from hypothesis import given, settings
from hypothesis import strategies as st
from office import Furnished

from ledger.approvals.approve import Approve
from ledger.customs.record_item import RecordItem
from ledger.equity.accrue_bill import AccrueBill
from ledger.equity.convert import ProposeConversion
from ledger.equity.dividends import DeclareDividend
from ledger.equity.end_agreement import SuspendAgreement
from ledger.equity.record_capital import RecordCapital
from ledger.equity.release_accrual import ReleaseAccrual
from ledger.equity.store import CONVERSION
from ledger.equity.values import BEFORE_CONVERTED, AgreementState, ConversionState
from ledger.fees.credit_bill import CreditBill
from ledger.fees.dispute_bill import DisputeBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.values import RedInvoice

BILLS = st.integers(0, 5)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("bill"), st.booleans(), st.integers(1, 40)),
        st.tuples(st.just("count"), BILLS),
        st.tuples(st.just("count"), BILLS),
        st.tuples(st.just("release"), BILLS),
        st.tuples(st.just("pay"), BILLS, st.integers(1, 24_000_00)),
        st.tuples(st.just("contest"), BILLS, st.booleans()),
        st.tuples(st.just("credit"), BILLS, st.integers(1, 24_000_00)),
        st.tuples(st.just("propose"), st.sets(BILLS, min_size=1), st.integers(1, 50_000_00)),
        st.tuples(st.just("sign")),
        st.tuples(st.just("register")),
        st.tuples(st.just("import"), st.booleans(), st.integers(0, 60)),
        st.tuples(st.just("suspend"), st.booleans()),
        st.tuples(st.just("round"), st.integers(1_000_00, 3_000_000_00)),
        st.tuples(st.just("dividend"), st.integers(1, 10**9)),
        st.tuples(st.just("leave"), st.integers(1, 5_000_00), st.integers(0, 100_000_00)),
    ),
    min_size=3,
    max_size=14,
)


class Walk:
    """One firm, two instruments, and whatever happens."""

    def __init__(self, uni: University, *, vat_in_cash: bool) -> None:
        self.uni = uni
        self.machines = (uni.priced("A-1"), uni.priced("A-2"))
        self.agreement = uni.signed(*self.machines, vat_in_cash=vat_in_cash, share_max="0.001")
        uni.capital()
        self.bills = [uni.accrued(self.agreement, self.machines[0], 10)]
        self.conversion = ""

    def bill(self, n: int) -> str:
        return self.bills[n % len(self.bills)]

    def take(self, step: tuple[Any, ...]) -> None:  # noqa: C901, PLR0912  one case a step
        """A step that is refused changes nothing; that is the point."""
        uni, agreement = self.uni, self.agreement
        match step:
            case ("bill", second, hours):
                self.bills.append(uni.billed(self.machines[second], hours))
            case ("count", n):
                uni.run(AccrueBill, "applicant", agreement=agreement, bill=self.bill(n))
            case ("release", n):
                uni.run(ReleaseAccrual, "officer", agreement=agreement, bill=self.bill(n), reason="付现")
            case ("pay", n, fen):
                slip = f"流水{next(uni._keys)}"
                uni.run(ReceivePayment, "officer", bill=self.bill(n), amount_fen=fen, bank_reference=slip)
            case ("contest", n, settled):
                uni.run(DisputeBill, "applicant", bill=self.bill(n), reason="时长", settled=settled)
            case ("credit", n, fen):
                red = RedInvoice(f"2026{next(uni._keys):016d}", uni.today, fen, "多收")
                uni.run(CreditBill, "officer", bill=self.bill(n), red=red)
            case ("propose", chosen, appraised):
                self.propose({self.bill(n) for n in chosen}, appraised)
            case ("sign",) if self.conversion and uni.conversion(self.conversion).proposal:
                shown = uni.request(CONVERSION, self.conversion).content_hash
                facts = {"subject_kind": CONVERSION, "subject": self.conversion, "content_hash": shown}
                uni.run(Approve, "second officer", **facts)
            case ("register",) if self.conversion:
                if uni.conversion(self.conversion).state is ConversionState.CONVERTED:
                    uni.held(self.conversion)
            case ("import", second, before):
                released_on = uni.today - timedelta(days=before)
                item = uni.import_facts((self.machines[second], 100_000_00), released_on=released_on)
                uni.do(RecordItem, "officer", **item)
            case ("suspend", resume):
                paper = {"agreement": agreement, "document_number": "函", "reason": "核查"}
                uni.run(SuspendAgreement, "officer", **paper, resume=resume)
            case ("round", registered):
                paper = {"firm": FIRM, "document_number": "增减资", "happened_on": uni.today}
                uni.run(RecordCapital, "applicant", **paper, registered_fen=registered)
            case ("dividend", fen):
                paper = {"unit": LAB, "firm": FIRM, "declared_on": uni.today}
                number = f"利润{next(uni._keys)}"
                uni.run(DeclareDividend, "officer", **paper, resolution_number=number, distributed_fen=fen)
            case ("leave", sold, price) if uni.company().held_by(LAB) >= sold:
                uni.left(sold, price)
            case _:
                pass

    def propose(self, bills: set[str], appraised_fen: int) -> None:
        uni = self.uni
        if uni.agreement(self.agreement).state is AgreementState.SUSPENDED:
            return
        if not self.conversion or uni.conversion(self.conversion).state not in BEFORE_CONVERTED:
            self.conversion = uni.resolved(self.agreement, appraised_fen)
        uni.run(ProposeConversion, "officer", conversion=self.conversion, bills=tuple(sorted(bills)))

    def check(self) -> None:
        for number in self.bills:
            bill = self.uni.bill(number)
            places = (bill.open_fen, bill.cash_fen, bill.voucher_fen, bill.equity_fen, bill.written_off_fen)
            assert bill.gross_fen == sum(places) + bill.credited_fen
            assert min(places) >= 0
        company = self.uni.company()
        assert company.registered_fen == sum(company.held_fen.values()) + sum(company.pending_fen.values())
        assert self.uni.breaches() == []
        assert self.uni.faults() == []


def walked(cluster: Cluster, furnished: Furnished, walk: list[tuple[Any, ...]], *, vat_in_cash: bool = True) -> int:
    """How much has become a share, in fen, once every law has held."""
    with cluster.database(furnished.template) as database, open_university(database, furnished) as uni:
        here = Walk(uni, vat_in_cash=vat_in_cash)
        for step in walk:
            here.take(step)
        here.check()
        return sum(uni.bill(number).equity_fen for number in here.bills)


@settings(max_examples=8, deadline=None)
@given(walk=steps, vat_in_cash=st.booleans())
def test_whatever_is_done_each_fen_is_in_one_place(
    cluster: Cluster,
    furnished: Furnished,
    walk: list[tuple[Any, ...]],
    vat_in_cash: bool,  # noqa: FBT001  drawn
) -> None:
    walked(cluster, furnished, walk, vat_in_cash=vat_in_cash)


def test_a_walk_comes_past_every_step(cluster: Cluster, furnished: Furnished) -> None:
    road: list[tuple[Any, ...]] = [
        ("bill", True, 10),
        ("count", 1),
        ("pay", 0, 100_00),
        ("contest", 1, False),
        ("contest", 1, True),
        ("credit", 1, 100_00),
        ("propose", {0, 1}, 10_000_00),
        ("sign",),
        ("register",),
        ("suspend", False),
        ("suspend", True),
        ("round", 2_100_000_00),
        ("dividend", 10**8),
        ("leave", 100_00, 5_000_00),
        ("import", True, 0),
        ("bill", True, 5),
        ("count", 2),
        ("release", 2),
    ]
    assert walked(cluster, furnished, road) == 10_000_00
