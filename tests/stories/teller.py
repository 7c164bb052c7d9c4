"""Tells the story of vouchers: every verb is one or a few commands.

Accounts are named in words: `V1 held C1`, `budget committed`, `Lab X bank 1002`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from programme import (
    BUREAU,
    CITY_COMMISSION,
    COMMISSION,
    FIRM,
    INCUBATOR,
    LINE,
    OTHER_FIRM,
    OTHER_UNIT,
    SISTER_FIRM,
    UNIT,
    Programme,
)
from telling import ENDINGS, NOTHING, Telling, fen

from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.assembly import BOOK
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.budgets.appropriate import KIND as LETTER
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.budgets.end_year import KIND as YEAR_END
from ledger.budgets.end_year import ProposeYearEnd
from ledger.executor.commands import Answer, Command
from ledger.executor.reading import Reader
from ledger.fees.credit_bill import CreditBill
from ledger.fees.issue_bill import IssueBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.repay_payer import RepayPayer
from ledger.fees.values import BillLine, RedInvoice
from ledger.obligations.offset import OffsetRecovery
from ledger.obligations.receive import ReceiveRecovery
from ledger.obligations.remit import RemitRecovery
from ledger.obligations.steps import subject_kind
from ledger.obligations.values import StepKind
from ledger.obligations.write_off import WriteOffRecovery
from ledger.payments.bank.decide_line import KIND as BANK_LINE
from ledger.payments.bank.decide_line import ProposeDecision
from ledger.payments.bank.hold_in_suspense import HoldInSuspense
from ledger.payments.bank.import_statement import ImportStatement
from ledger.payments.bank.match_payment import MatchPayment
from ledger.payments.bank.reconcile import commands, queue
from ledger.payments.bank.set_aside import SetAside
from ledger.payments.bank.values import Decision, Direction, Statement, StatementLine
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.return_payment import ReturnPayment
from ledger.payments.set_payee_account import KIND as PAYEE_ACCOUNT
from ledger.payments.set_payee_account import ProposePayeeAccount
from ledger.payments.values import PAYMENT_BATCH
from ledger.registry.declare_controller import DeclareController
from ledger.registry.declare_relation import DeclareRelation
from ledger.registry.record_certificate import RecordCertificate
from ledger.registry.values import CertificateKind, Role
from ledger.vouchers.accept import Accept
from ledger.vouchers.answer_objection import AnswerObjection
from ledger.vouchers.apply import Apply
from ledger.vouchers.appoint_experts import AppointExperts
from ledger.vouchers.claw_back import KIND as CLAW_BACK
from ledger.vouchers.claw_back import Against, ProposeClawBack
from ledger.vouchers.correct_claim import CorrectClaim
from ledger.vouchers.credit_bill import CreditContractBill
from ledger.vouchers.decide_application import KIND as GRANT
from ledger.vouchers.decide_application import DecideApplication
from ledger.vouchers.decide_refund import KIND as REFUND
from ledger.vouchers.decide_refund import ProposeRefund
from ledger.vouchers.expire import ExpireDue, ExpireVoucher
from ledger.vouchers.extend import KIND as EXTENSION
from ledger.vouchers.extend import ProposeExtension
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.flag_holder import KIND as FLAG
from ledger.vouchers.flag_holder import ProposeFlag
from ledger.vouchers.give_opinion import GiveOpinion, LineOpinion
from ledger.vouchers.lift_flag import KIND as LIFT
from ledger.vouchers.lift_flag import ProposeLift
from ledger.vouchers.match import MatchContract
from ledger.vouchers.open_vouchers import KIND as OPENING
from ledger.vouchers.open_vouchers import ProposeOpening
from ledger.vouchers.raise_objection import RaiseObjection
from ledger.vouchers.record_opening import RecordOpening
from ledger.vouchers.refuse_lines import LineRefusal
from ledger.vouchers.release import ReleaseHold
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.review_claim import KIND as CLAIM
from ledger.vouchers.review_claim import ReviewClaim
from ledger.vouchers.revoke import KIND as REVOCATION
from ledger.vouchers.revoke import ProposeRevocation
from ledger.vouchers.values import RevocationGround
from ledger.vouchers.withdraw_claim import WithdrawClaim

PARTIES = {
    "Firm A": FIRM,
    "Firm B": OTHER_FIRM,
    "Firm C": SISTER_FIRM,
    "Lab X": UNIT,
    "Lab Y": OTHER_UNIT,
    "commission": COMMISSION,
    "finance bureau": BUREAU,
    "incubator": INCUBATOR,
}
ACTS = {"Firm A": "applicant", "Firm B": "other applicant", "Firm C": "sister applicant", "team": "recommender"}
OFFICERS = {UNIT: "officer", OTHER_UNIT: "other officer"}
SUBJECTS = {
    "letter": LETTER,
    "grant": GRANT,
    "claim": CLAIM,
    "batch": PAYMENT_BATCH,
    "account": PAYEE_ACCOUNT,
    "extension": EXTENSION,
    "bank line": BANK_LINE,
    "revocation": REVOCATION,
    "flag": FLAG,
    "lift": LIFT,
    "year-end": YEAR_END,
    "opening": OPENING,
    "refund": REFUND,
    "claw-back": CLAW_BACK,
    **{kind.value: subject_kind(kind) for kind in StepKind},
}


@dataclass
class Teller(Telling[Programme]):
    shown: dict[str, str] = field(default_factory=dict)
    """Content hashes as somebody was shown them."""

    def __post_init__(self) -> None:
        self.numbers |= PARTIES | {"team": self.programme.team}
        self.schemes = {"": self.programme.scheme}

    def _operator(self, of: str, which: str = "") -> str:
        """Who works for the commission of a payer."""
        return " ".join(word for word in (which, of, "operator") if word)

    def _name(self, address: str, names: Mapping[str, str]) -> str:
        head, _, rest = address.partition(":")
        parts = [names.get(part, part) for part in rest.split(":")]
        of = next((f"{name} " for name, scheme in self.schemes.items() if name and scheme in parts), "")
        if head == "budget":
            return f"{of}budget {parts[0]} {parts[2]}"
        if head == "vouchers":
            return f"{of}vouchers issued" if parts[0] == "issued" else " ".join([parts[1], parts[0], *parts[2:]])
        if head == "payable":
            return f"{parts[0]} payable 2303"
        if head == "fees" and parts[0] in {"open", "voucher"}:
            return f"{parts[1]} {'open' if parts[0] == 'open' else 'from voucher'} 1212"
        if head in {"fees", "payments"}:
            return f"{parts[1]} {ENDINGS[f'{head}:{parts[0]}']}"
        return f"{parts[0]} {ENDINGS.get(head, head)}"

    # -- verbs --------------------------------------------------------------------------------------------------------

    def found_city(self, scheme: str) -> Answer:
        """A second payer with its own commission."""
        self.programme.found_city()
        self.schemes["city"] = scheme
        self.numbers["city"] = CITY_COMMISSION
        return NOTHING

    def certify(self, party: str, certificate: str, region: str = "") -> Answer:
        """An operator records what a paper proves."""
        kind = CertificateKind(certificate)
        facts = {"certificate": kind, "paper_number": self.paper("证"), "valid_from": self.programme.today}
        return self.named(
            f"{certificate} of {party}",
            "certificate",
            RecordCertificate,
            "operator",
            party=self.numbers[party],
            region=region,
            **facts,
        )

    def letter(self, amount: str, line: str = "L1", paper: str = "", year: int = 0, of: str = "") -> Answer:
        """Proposed by the commission and signed by finance."""
        answer = self.propose_letter(line, amount, paper, year=year, of=of)
        return answer if not answer.accepted else self.sign("letter", line, "finance")

    def propose_letter(
        self, letter: str, amount: str, paper: str = "", cut: str = "", year: int = 0, of: str = ""
    ) -> Answer:
        return self.named(
            letter,
            "appropriation",
            ProposeAppropriation,
            self._operator(of),
            tenant=self.numbers[of or "commission"],
            scheme=self.schemes[of],
            year=year or self.programme.today.year,
            letter_number=paper or self.paper("财预"),
            amount_fen=fen(amount),
            line=None if cut else LINE,
            cut=self.numbers[cut] if cut else None,
        )

    def cut(self, line: str, amount: str, letter: str = "cut") -> Answer:
        answer = self.propose_letter(letter, amount, cut=line)
        return answer if not answer.accepted else self.sign("letter", letter, "finance")

    def record_opening(
        self, on: str, voucher: str, holder: str, face: str, paid: str, left: str, days: list[date], paper: str
    ) -> Answer:
        """A line of a list; its voucher gets its name when the list is signed."""
        return self.named(
            f"opening {voucher}",
            "opening",
            RecordOpening,
            "operator",
            tenant=COMMISSION,
            list_number=on,
            scheme=self.programme.scheme,
            legacy_number=voucher,
            holder=self.numbers[holder],
            issued_on=days[0],
            expires_on=days[1],
            face_fen=fen(face),
            redeemed_fen=fen(paid),
            open_fen=fen(left),
            letter_number=paper,
        )

    def propose_opening(self, name: str) -> Answer:
        self.numbers[name] = name
        return self.programme.run(ProposeOpening, "operator", tenant=COMMISSION, list_number=name)

    def sign_opening(self, name: str, by: str) -> Answer:
        answer = self.sign("opening", name, by)
        if answer.accepted:
            self.numbers |= self.programme.rows(
                "SELECT o.legacy_number, v.number FROM voucher v JOIN voucher_opening o ON o.number = v.application"
            )
        return answer

    def apply(self, application: str, holder: str, amount: str, by: str = "", of: str = "") -> Answer:
        return self.named(
            application,
            "application",
            Apply,
            by or ACTS[holder],
            holder=self.numbers[holder],
            scheme=self.schemes[of],
            requested_fen=fen(amount),
            purpose="新产品性能测试",
        )

    def grant(self, application: str, amount: str, by: str = "operator") -> Answer:
        return self.programme.run(DecideApplication, by, application=self.numbers[application], grant_fen=fen(amount))

    def reject(self, application: str, reason: str, of: str = "") -> Answer:
        return self.programme.run(
            DecideApplication, self._operator(of), application=self.numbers[application], grant_fen=None, reason=reason
        )

    def show(self, what: str, name: str) -> Answer:
        """Somebody opens the page: what is requested now is what will be signed."""
        self.shown[name] = self.programme.request(SUBJECTS[what], self.numbers[name]).content_hash
        return NOTHING

    def sign(self, what: str, name: str, by: str, voucher: str = "", *, as_shown: bool = False) -> Answer:
        """One signature on what is requested now, or on what was shown before."""
        return self._answer(Approve, what, name, by, voucher, as_shown=as_shown)

    def say_no(self, what: str, name: str, by: str, reason: str) -> Answer:
        return self._answer(Reject, what, name, by, reason=reason)

    def _answer(
        self,
        kind: type[Command],
        what: str,
        name: str,
        by: str,
        voucher: str = "",
        *,
        as_shown: bool = False,
        **more: str,
    ) -> Answer:
        if not as_shown:
            self.show(what, name)
        facts = {"subject_kind": SUBJECTS[what], "subject": self.numbers[name], "content_hash": self.shown[name]}
        answer = self.programme.run(kind, by, **facts, **more)
        if answer.accepted and voucher:
            self.numbers[voucher] = answer.body["voucher"]
        if answer.accepted and "flag" in answer.body:
            self.numbers[f"flag of {name}"] = answer.body["flag"]
        for n, payable in enumerate(answer.body.get("payables", []), start=1):
            self.numbers[f"{name} payment {n}"] = payable
        return answer

    def issue(self, voucher: str, holder: str, amount: str, of: str = "") -> Answer:
        """Application, grant of all of it, and the second signature."""
        applied = self.apply(f"application {voucher}", holder, amount, of=of)
        answer = self.grant(f"application {voucher}", amount, self._operator(of)) if applied.accepted else applied
        if not answer.accepted:
            return answer
        return self.sign("grant", f"application {voucher}", self._operator(of, "second"), voucher)

    def match_contract(self, contract: str, matches: str, voucher: str, amount: str, by: str) -> Answer:
        return self.named(
            contract,
            "contract",
            MatchContract,
            ACTS[by],
            contract=self.numbers[matches],
            voucher=self.numbers[voucher],
            amount_fen=fen(amount),
        )

    def reserve(
        self, voucher: str, contract: str, unit: str, fee: str, amount: str, by: str, paper: str = "", days: int = 30
    ) -> Answer:
        return self.named(
            contract,
            "contract",
            Reserve,
            ACTS[by],
            voucher=self.numbers[voucher],
            unit=self.numbers[unit],
            contract_number=paper or self.paper("HT"),
            service="性能测试",
            fee_fen=fen(fee),
            amount_fen=fen(amount),
            service_ends_on=self.programme.today + timedelta(days=days),
        )

    def release(self, contract: str, by: str) -> Answer:
        return self.programme.run(ReleaseHold, ACTS.get(by, by), contract=self.numbers[contract], reason="合同取消")

    def bill(self, bill: str, contract: str, fee: str, to: str, invoice: str = "", paper: str = "") -> Answer:
        found = self.programme.contract(self.numbers[contract])
        return self.named(
            bill,
            "bill",
            IssueBill,
            OFFICERS[found.unit],
            unit=found.unit,
            payer=self.numbers[to],
            invoice_number=invoice or f"2017{self._next():016d}",
            invoice_date=self.programme.today,
            lines=(BillLine("性能测试", None, 1, fen(fee)),),
            vat_rate="0.06",
            contract=paper or found.contract_number,
        )

    def accept(self, contract: str, bill: str, by: str) -> Answer:
        return self.programme.run(Accept, ACTS[by], contract=self.numbers[contract], bill=self.numbers[bill])

    def pay_own_part(self, bill: str, amount: str) -> Answer:
        unit = self.programme.bill(self.numbers[bill]).unit
        return self.programme.run(
            ReceivePayment,
            OFFICERS[unit],
            bill=self.numbers[bill],
            amount_fen=fen(amount),
            bank_reference=self.paper("收"),
        )

    def credit(self, amount: str, contract: str = "", bill: str = "", reason: str = "数量有误") -> Answer:
        """By a red invoice: through the contract that has accepted the bill, or the bill alone."""
        red = RedInvoice(f"2017{self._next():016d}", self.programme.today, fen(amount), reason)
        if contract:
            unit = self.programme.contract(self.numbers[contract]).unit
            return self.programme.run(CreditContractBill, OFFICERS[unit], contract=self.numbers[contract], red=red)
        unit = self.programme.bill(self.numbers[bill]).unit
        return self.programme.run(CreditBill, OFFICERS[unit], bill=self.numbers[bill], red=red)

    def repay(self, bill: str, amount: str) -> Answer:
        unit = self.programme.bill(self.numbers[bill]).unit
        return self.programme.run(
            RepayPayer,
            OFFICERS[unit],
            bill=self.numbers[bill],
            amount_fen=fen(amount),
            bank_reference=self.paper("退"),
        )

    def propose_refund(self, refund: str, contract: str, amount: str, reason: str = "服务退款") -> Answer:
        red = RedInvoice(f"2017{self._next():016d}", self.programme.today, fen(amount), reason)
        return self.named(
            refund,
            "proposal",
            ProposeRefund,
            "operator",
            contract=self.numbers[contract],
            decision_number=self.paper("退"),
            red=red,
        )

    def refund(self, refund: str, contract: str, amount: str) -> Answer:
        """Proposed by one operator on the unit's red invoice, and signed by another."""
        answer = self.propose_refund(refund, contract, amount)
        return answer if not answer.accepted else self._decided(refund, "refund")

    def claw_back(self, ruling: str, voucher: str, contracts: list[str], against: str) -> Answer:
        """Past its appeal; proposed by one operator and signed by another."""
        answer = self.named(
            ruling,
            "proposal",
            ProposeClawBack,
            "operator",
            voucher=self.numbers[voucher],
            contracts=tuple(self.numbers[contract] for contract in contracts),
            against=Against(against),
            ground=RevocationGround.FRAUD,
            decision_number=self.paper("追"),
            reason="材料不实",
            decided_on=self.programme.today - timedelta(days=90),
            appeal_until=self.programme.today - timedelta(days=1),
        )
        return answer if not answer.accepted else self._decided(ruling, "claw-back")

    def sign_debt(self, what: str, name: str) -> Answer:
        return self._decided(name, what)

    def _decided(self, name: str, subject: str) -> Answer:
        """Signed; what is owed by it goes by the decision's name and `debt`, numbered where it is many."""
        answer = self.sign(subject, name, "second operator")
        if answer.accepted:
            found = answer.body["obligations"]
            for n, number in enumerate(found, start=1):
                self.numbers[f"{name} debt" + (f" {n}" if len(found) > 1 else "")] = number
        return answer

    def receive(self, debt: str, amount: str) -> Answer:
        """What a debtor pays back."""
        slip = {"received_on": self.programme.today, "bank_reference": self.paper("缴")}
        return self._settle("receipt", debt, ReceiveRecovery, amount_fen=fen(amount), **slip)

    def write_off(self, debt: str, amount: str) -> Answer:
        paper = {"decision_number": self.paper("核"), "reason": "企业注销"}
        return self._settle("write-off", debt, WriteOffRecovery, amount_fen=fen(amount), **paper)

    def remit(self, debt: str) -> Answer:
        paper = {"remitted_on": self.programme.today, "remittance_number": self.paper("缴款书")}
        return self._settle("remittance", debt, RemitRecovery, **paper)

    def offset(self, debt: str, claim: str, amount: str) -> Answer:
        """Against what the claim of the debtor is to be paid."""
        payable = next(number for name, number in self.numbers.items() if name.startswith(f"{claim} payment"))
        facts = {"amount_fen": fen(amount), "payable": payable, "decision_number": self.paper("抵"), "reason": "抵扣"}
        return self._settle("offset", debt, OffsetRecovery, **facts)

    def _settle(self, kind: str, debt: str, command: type[Command], **facts: object) -> Answer:
        """Proposed by one officer of finance and signed by another."""
        step = f"{debt} {kind} {self._next()}"
        answer = self.named(step, "step", command, "finance", obligation=self.numbers[debt], **facts)
        return answer if not answer.accepted else self.sign(kind, step, "second finance")

    def claim(self, claim: str, unit: str, contracts: list[str]) -> Answer:
        return self.named(
            claim,
            "claim",
            FileClaim,
            OFFICERS.get(self.numbers[unit]) or ACTS[unit],
            unit=self.numbers[unit],
            contracts=tuple(self.numbers[contract] for contract in contracts),
        )

    def raise_objection(self, claim: str, objection: str, reason: str = "同一检测已获其他财政资金") -> Answer:
        return self.named(
            objection,
            "objection",
            RaiseObjection,
            "operator",
            claim=self.numbers[claim],
            file_number=self.paper("信访"),
            reason=reason,
        )

    def answer_objection(self, claim: str, objection: str, *, upheld: bool, by: str = "second operator") -> Answer:
        return self.programme.run(
            AnswerObjection,
            by,
            claim=self.numbers[claim],
            objection=self.numbers[objection],
            upheld=upheld,
            reason="已核查",
        )

    def hire_expert(self, name: str, at: str) -> Answer:
        self.programme.hire(name, (self.numbers[at], Role.EXPERT), by="operator" if at.startswith("Lab") else "system")
        return NOTHING

    def appoint(self, claim: str, experts: list[str]) -> Answer:
        people = tuple(self.programme.people[name] for name in experts)
        return self.programme.run(AppointExperts, "operator", claim=self.numbers[claim], experts=people)

    def judge(self, claim: str, by: str, contracts: Mapping[str, bool], reason: str = "符合研发需要") -> Answer:
        """`contracts`: whether the expert supports each."""
        lines = tuple(
            LineOpinion(contract=self.numbers[name], supports=supports, reason=reason)
            for name, supports in contracts.items()
        )
        return self.programme.run(GiveOpinion, by, claim=self.numbers[claim], lines=lines)

    def review(self, claim: str, refuse: Sequence[Mapping[str, str]] = (), reason: str = "", of: str = "") -> Answer:
        """Passed to finance; `refuse` names lines refused for good, each with `contract`, `reason` and `because`."""
        refused = tuple(LineRefusal(self.numbers[line["contract"]], line["reason"], line["because"]) for line in refuse)
        return self.programme.run(
            ReviewClaim,
            self._operator(of),
            claim=self.numbers[claim],
            passed=True,
            refused=refused,
            reason=reason,
        )

    def send_back(self, claim: str, reason: str) -> Answer:
        return self.programme.run(ReviewClaim, "operator", claim=self.numbers[claim], passed=False, reason=reason)

    def withdraw(self, claim: str, reason: str) -> Answer:
        unit = self.programme.claim(self.numbers[claim]).unit
        by = OFFICERS.get(unit) or next(ACTS[name] for name in ACTS if self.numbers[name] == unit)
        return self.programme.run(WithdrawClaim, by, claim=self.numbers[claim], reason=reason)

    def correct(self, claim: str, corrects: str, unit: str, statement: str, contracts: Sequence[str] = ()) -> Answer:
        return self.named(
            claim,
            "claim",
            CorrectClaim,
            OFFICERS[self.numbers[unit]],
            unit=self.numbers[unit],
            corrects=self.numbers[corrects],
            statement=statement,
            contracts=tuple(self.numbers[contract] for contract in contracts),
        )

    def approve(self, claim: str) -> Answer:
        """Signed by two officers of finance."""
        answer = self.sign("claim", claim, "finance")
        return answer if not answer.accepted else self.sign("claim", claim, "second finance")

    def compose(self, batch: str, claims: list[str]) -> Answer:
        payables = [n for name, n in self.numbers.items() if any(name.startswith(f"{c} payment") for c in claims)]
        return self.named(batch, "batch", ComposeBatch, "finance", payables=tuple(payables))

    def confirm(self, batch: str, claims: list[str], paid_on: date | None = None, by: str = "treasury") -> Answer:
        payables = [n for name, n in self.numbers.items() if any(name.startswith(f"{c} payment") for c in claims)]
        return self.programme.run(
            ConfirmPayment,
            by,
            batch=self.numbers[batch],
            paid_on=paid_on or self.programme.today,
            lines=tuple((payable, self.paper("回单")) for payable in payables),
        )

    def bounce(
        self,
        batch: str,
        claim: str,
        reason: str,
        payment: int = 1,
        returned_on: date | None = None,
        by: str = "treasury",
    ) -> Answer:
        """The bank sends a payment of a claim back."""
        return self.programme.run(
            ReturnPayment,
            by,
            batch=self.numbers[batch],
            payable=self.numbers[f"{claim} payment {payment}"],
            returned_on=returned_on or self.programme.today,
            bank_reference=self.paper("退票"),
            reason=reason,
        )

    def bank_statement(self, statement: str, lines: list[dict[str, Any]], by: str = "treasury") -> Answer:
        """What the bank has booked; a line may name a payment, such as `K1 payment 1`, or a batch."""
        answer = self.named(
            statement,
            "statement",
            ImportStatement,
            by,
            payer=COMMISSION,
            statement=Statement("1208010109000001", self.paper("对账单"), tuple(map(self._booked, lines))),
        )
        for n, line in enumerate(answer.body.get("lines", []), start=1):
            self.numbers[f"{statement} line {n}"] = line
        return answer

    def _booked(self, line: dict[str, Any]) -> StatementLine:
        return StatementLine(
            reference=self.paper("流水"),
            direction=Direction(line.get("direction", "debit")),
            amount_fen=fen(line["amount"]),
            booked_on=line.get("on", self.programme.today),
            references=(self.numbers[line["about"]],) if "about" in line else (),
            returned="returned" in line,
            return_reason=line.get("returned", ""),
        )

    def reconcile(self, statement: str, by: str, waiting: int = 0) -> Answer:
        """All lines whose meaning is clear, one command each; so many lines still wait. The last answer."""
        with self.programme.database.writer.connect() as connection:
            found = queue(Reader(connection, BOOK), self.numbers[statement])
        sent = commands(found, tenant=COMMISSION, key=self.paper("核对"), actor=self.programme.people[by])
        answers = [self.programme.books.executor.run(command) for command in sent]
        assert len(found) - sum(answer.accepted for answer in answers) == waiting
        return next((answer for answer in answers if not answer.accepted), answers[-1])

    def match(self, line: str, batch: str, payments: list[str], by: str, reason: str = "") -> Answer:
        return self.programme.run(
            MatchPayment,
            by,
            line=self.numbers[line],
            batch=self.numbers[batch],
            payables=tuple(self.numbers[payment] for payment in payments),
            on=self.programme.today,
            reason=reason,
        )

    def set_aside(self, line: str, by: str, reason: str) -> Answer:
        return self.programme.run(SetAside, by, line=self.numbers[line], reason=reason)

    def hold_in_suspense(self, line: str, by: str, reason: str, on: date | None = None) -> Answer:
        facts = {"line": self.numbers[line], "on": on or self.programme.today, "reason": reason}
        return self.programme.run(HoldInSuspense, by, **facts)

    def send_back_receipt(self, line: str, by: str, and_by: str, reason: str) -> Answer:
        """Proposed by one person, signed by another."""
        facts = {"line": self.numbers[line], "decision": Decision.SEND_BACK, "reason": reason}
        answer = self.programme.run(ProposeDecision, by, **facts)
        return answer if not answer.accepted else self.sign("bank line", line, and_by)

    def correct_account(self, party: str, number: str) -> Answer:
        """Proposed and signed by two officers of finance."""
        facts = {"account_name": "更正户名", "bank": "中国银行缙云支行", "cnaps": "104343912345"}
        asked = self.programme.run(
            ProposePayeeAccount, "finance", party=self.numbers[party], account_number=number, **facts
        )
        return asked if not asked.accepted else self.sign("account", party, "second finance")

    def expire(self, voucher: str) -> Answer:
        return self.programme.run(ExpireVoucher, "operator", voucher=self.numbers[voucher])

    def expire_due(self, on: date | None = None) -> Answer:
        return self.programme.run(ExpireDue, "operator", scheme=self.programme.scheme, on=on or self.programme.today)

    def close_year(self, period: str, to: str) -> Answer:
        """Signed by two officers of finance."""
        return self.programme.run(
            ClosePeriod, "finance", period=period, to=to, second_person=self.programme.people["second finance"]
        )

    def propose_revocation(
        self,
        revocation: str,
        voucher: str,
        decided_on: date,
        appeal_until: date,
        ground: str = "fraud",
        flagged_until: date | None = None,
        by: str = "operator",
    ) -> Answer:
        return self.named(
            revocation,
            "proposal",
            ProposeRevocation,
            ACTS.get(by, by),
            voucher=self.numbers[voucher],
            ground=ground,
            decision_number=f"缙科罚〔2017〕{revocation}",
            reason="虚构服务合同套取创新券",
            decided_on=decided_on,
            appeal_until=appeal_until,
            flagged_until=flagged_until,
        )

    def propose_extension(self, extension: str, voucher: str, months: int) -> Answer:
        return self.named(
            extension,
            "proposal",
            ProposeExtension,
            "operator",
            voucher=self.numbers[voucher],
            months=months,
            reason="试验延期",
        )

    def extend(self, extension: str, voucher: str, months: int) -> Answer:
        """Proposed, and signed by a second operator."""
        answer = self.propose_extension(extension, voucher, months)
        return answer if not answer.accepted else self.sign("extension", extension, "second operator")

    def flag(self, flag: str, holder: str, until: date | None = None) -> Answer:
        """Proposed, and signed by a second operator."""
        answer = self.named(
            flag,
            "proposal",
            ProposeFlag,
            "operator",
            holder=self.numbers[holder],
            decision_number=f"缙科罚〔2017〕{flag}",
            reason="提供虚假材料",
            until=until,
        )
        return answer if not answer.accepted else self.sign("flag", flag, "second operator")

    def lift(self, lift: str, holder: str, flag: str) -> Answer:
        answer = self.named(
            lift,
            "proposal",
            ProposeLift,
            "operator",
            holder=self.numbers[holder],
            flag=self.numbers[f"flag of {flag}"],
            decision_number=f"缙科复〔2017〕{lift}",
            reason="申诉成立",
        )
        return answer if not answer.accepted else self.sign("lift", lift, "second operator")

    def propose_year_end(self, year: int, paper: str = "", end: str = "year end") -> Answer:
        self.numbers[end] = f"{self.programme.scheme}:{year}"
        return self.programme.run(
            ProposeYearEnd, "operator", scheme=self.programme.scheme, year=year, document_number=paper
        )

    def end_year(self, year: int, paper: str = "") -> Answer:
        """Proposed by the commission and signed by finance."""
        answer = self.propose_year_end(year, paper)
        return answer if not answer.accepted else self.sign("year-end", "year end", "finance")

    def relate(self, party: str, other: str) -> Answer:
        return self.programme.run(
            DeclareRelation, "operator", party=self.numbers[party], other=self.numbers[other], ground="同一家族投资"
        )

    def control(self, party: str, by: str) -> Answer:
        return self.programme.run(DeclareController, "operator", party=self.numbers[party], controller=self.numbers[by])

    # -- numbers ------------------------------------------------------------------------------------------------------
