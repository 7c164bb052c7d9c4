"""A small pure model of a city's vouchers: where each fen is, what speaks against a command, what it changes.

Written from postings.md and from the sentences of the refusals, not from the code: standard library and chinesecalendar
only. Each command is one method. It gives a `Verdict`: the codes of every reason that speaks against it, in no order,
and what it changes where there is none. `balances` says what must then stand on every account of the books.
"""

import unicodedata
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from chinese_calendar import is_workday

Post = tuple[str, str]
"""Organisation and role."""
Year = tuple[str, int]
"""Scheme and year."""

OPEN_FACE = {"available", "held", "redeemable", "in-claim"}
"""Behind these, budget is committed."""

AMOUNT_MAX = 10**15
CAP, TOKEN, FIRST = 200_000_00, 5_000_00, 50_000_00
HOLD_DAYS, CLAIM_DAYS, NOTICE_DAYS, COOLING_OFF_DAYS, CORRECTION_DAYS = 180, 90, 5, 7, 30
STARTS_AT, DAY = 8 * 60, 24 * 60
"""Every use begins at eight; in minutes."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scheme says, read from its policy file by a person."""

    months: int
    percent: int
    token: int | None = None
    """Granted and used whole, and no change is given."""


SCHEMES = {"jinyun-2017": Terms(10, 50), "beijing-2015": Terms(12, 100, TOKEN)}

SIZES = {
    ("software", 5, 30_000_000): "micro",
    ("software", 20, 300_000_000): "small",
    ("software", 150, 2_000_000_000): "medium",
    ("software", 400, 20_000_000_000): "large",
}
"""Sector, employees and revenue in fen, by 工信部联企业〔2011〕300号: people and million yuan."""


@dataclass(slots=True)
class Verdict:
    against: frozenset[str]
    """Codes of all refusals that apply; the one that is given must be among them."""
    take: Callable[[Mapping[str, Any]], None]
    """Change the model, given the answer with its numbers."""
    about: object = None
    """What its entries are about, for taking them back."""
    perhaps: frozenset[str] = frozenset()
    """Codes that the model does not predict, one way or the other."""


def nothing(_answer: Mapping[str, Any]) -> None:
    """What a command changes that is never accepted, or changes nothing the model knows."""


def judged(
    take: Callable[[Mapping[str, Any]], None], *reasons: Collection[str], about: object = None, **applies: bool
) -> Verdict:
    """The reasons found elsewhere, and those named here that apply."""
    found = {code for code, holds in applies.items() if holds}
    return Verdict(frozenset(found.union(*reasons)), take, about)


def unknown(*reasons: Collection[str]) -> Verdict:
    """Something the command names is not there."""
    return judged(nothing, *reasons, NotFound=True)


# -- what is known -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Person:
    posts: frozenset[Post]
    counts_as: frozenset[str]


@dataclass(slots=True)
class Party:
    kind: str
    body: str | None = None
    size: str | None = None
    controller: str | None = None
    controller_declared: bool = False
    accounts: list[tuple[date, str]] = field(default_factory=list)
    """First day and number, latest first."""

    def account_on(self, day: date) -> str | None:
        return next((number for since, number in self.accounts if since <= day), None)


@dataclass(slots=True)
class Period:
    starts: date
    ends: date
    status: str = "open"


@dataclass(slots=True)
class Letter:
    of: Year
    operator: str
    paper: str
    amount: int
    cut: str | None
    state: str = "proposed"


@dataclass(slots=True)
class Line:
    """A budget line and what is still available under it."""

    code: str
    posted_on: date
    available: int


@dataclass(slots=True)
class Budget:
    operator: str
    lines: list[Line] = field(default_factory=list)
    appropriated: int = 0

    def line(self, code: str | None) -> Line | None:
        return next((line for line in self.lines if line.code == code), None)

    def first_with(self, amount: int) -> Line | None:
        ordered = sorted(self.lines, key=lambda line: (line.posted_on, line.code))
        return next((line for line in ordered if line.available >= amount), None)


Standing = dict[str, Counter[str]]
"""By budget line what is available, committed and obligated."""


@dataclass(slots=True)
class Application:
    of: Year
    holder: str
    controller: str
    requested: int
    state: str = "submitted"
    granted: int = 0

    @property
    def open(self) -> bool:
        return self.state in {"submitted", "granted"}


@dataclass(slots=True)
class Request:
    """What waits for signatures."""

    kind: str
    subject: str
    content_hash: str
    maker: str
    role: str
    needed: int
    concerns: frozenset[str]
    earlier: tuple[str, ...] = ()
    """Hashes of earlier versions."""
    signers: list[str] = field(default_factory=list)
    refused: bool = False
    lapsed: bool = False

    @property
    def waits(self) -> bool:
        return not self.refused and not self.lapsed and len(self.signers) < self.needed


@dataclass(slots=True)
class Voucher:
    number: str
    of: Year
    holder: str
    controller: str
    operator: str
    line: str
    face: int
    issued_on: date
    expires_on: date
    available: int
    expired: int = 0
    revoked: int = 0
    expired_on: date | None = None

    @property
    def terms(self) -> Terms:
        return SCHEMES[self.of[0]]

    def valid(self, day: date) -> bool:
        return self.expired_on is None and day <= self.expires_on


@dataclass(slots=True)
class Contract:
    number: str
    voucher: str
    unit: str
    paper: str
    fee: int
    reserved_on: date
    hold_until: date
    held: int
    redeemable: int = 0
    bill: str | None = None
    claim_until: date | None = None
    claim: str | None = None
    state: str = "reserved"
    """reserved, accepted, in-claim, approved, paid; or its end: released, expired, unclaimed, refused, credited."""


@dataclass(slots=True)
class Bill:
    """Where each of its fen is: open, cash, borne by a voucher and due or paid, credited."""

    number: str
    unit: str
    payer: str
    paper: str | None
    invoice: str
    invoice_date: date
    gross: int
    open: int
    cash: int = 0
    voucher_due: int = 0
    voucher_paid: int = 0
    credited: int = 0
    disputed: bool = False
    owed: int = 0
    """Paid, then credited by a red invoice, and not yet paid back."""
    red: set[str] = field(default_factory=set)
    """Its red invoices."""
    slips: set[str] = field(default_factory=set)
    slips_back: set[str] = field(default_factory=set)

    @property
    def fee(self) -> int:
        return self.gross - self.credited

    @property
    def net(self) -> int:
        """What stands of it without 6 % VAT, half-up; red invoices together have taken back theirs."""
        return _without_vat(self.gross) - _without_vat(self.credited)

    def credit(self, invoice: str, amount: int) -> None:
        """Open first; then what was paid, which is owed back."""
        paid = max(0, amount - self.open)
        self.open, self.cash, self.owed = self.open - amount + paid, self.cash - paid, self.owed + paid
        self.credited += amount
        self.red.add(invoice)


def _without_vat(gross: int) -> int:
    return (gross * 200 + 106) // 212


@dataclass(slots=True)
class Claim:
    number: str
    unit: str
    of: Year
    operator: str
    filed_on: date
    lines: dict[str, int]
    """Fen by contract."""
    state: str = "filed"
    notice_until: date | None = None
    correct_until: date | None = None
    corrected: bool = False
    reviewer: str = ""
    objections: dict[str, str] = field(default_factory=dict)
    """File number of each."""
    answered: set[str] = field(default_factory=set)

    @property
    def contested(self) -> bool:
        return not self.objections.keys() <= self.answered


@dataclass(slots=True)
class Payable:
    claim: str
    line: str
    payee: str
    amount: int
    year: int
    """Of the budget that pays it."""
    charged: str
    """Budget line that pays it; `line` is that of the vouchers it pays."""
    batch: str | None = None
    paid_on: date | None = None
    paid_by: int = 0
    """Year whose budget has paid it, where it is paid."""

    @property
    def paid(self) -> bool:
        return self.paid_on is not None


@dataclass(slots=True)
class Batch:
    maker: str
    composed_on: date
    payables: tuple[str, ...]
    accounts: dict[str, str | None]
    """Number of the account each payable goes to."""
    state: str = "awaiting"
    released_on: date | None = None
    confirmed: dict[str, date] = field(default_factory=dict)
    """Day of payment by payable; what came back stays in it."""
    returned: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)

    @property
    def settled(self) -> bool:
        return self.state == "refused" or len(self.confirmed) + len(self.failed) == len(self.payables)


@dataclass(slots=True)
class Posted:
    """An entry of the books."""

    template: str
    on: date
    about: object
    reverses: int | None = None
    reversed_by: int | None = None


def year_of(subject: str) -> Year:
    scheme, _, year = subject.rpartition(":")
    return scheme, int(year)


def identity(paper: str) -> str:
    """A contract number as it is compared."""
    return "".join(unicodedata.normalize("NFKC", paper).casefold().split())


def months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def working_days_later(day: date, days: int) -> date:
    while days:
        day += timedelta(1)
        days -= is_workday(day)
    return day


def not_an_amount(*amounts: int) -> set[str]:
    return set() if all(0 < amount <= AMOUNT_MAX for amount in amounts) else {"AmountOutOfRange"}


def up_to_tokens(amount: int, terms: Terms) -> int:
    part = terms.token or 1
    return -(-amount // part) * part


# -- the city ----------------------------------------------------------------------------------------------------------


@dataclass
class City:
    today: date
    people: dict[str, Person]
    parties: dict[str, Party]
    periods: dict[str, Period]
    instruments: dict[str, str]
    """Unit of each."""
    letters: dict[str, Letter] = field(default_factory=dict)
    budgets: dict[Year, Budget] = field(default_factory=dict)
    lapsed: Counter[Year] = field(default_factory=Counter)
    bounced: Counter[Year] = field(default_factory=Counter)
    """Paid, and sent back in a later year."""
    carried_out: Counter[Year] = field(default_factory=Counter)
    proposed_ends: dict[Year, Standing] = field(default_factory=dict)
    ended: set[Year] = field(default_factory=set)
    applications: dict[str, Application] = field(default_factory=dict)
    requests: dict[tuple[str, str], Request] = field(default_factory=dict)
    proposed_accounts: dict[str, str] = field(default_factory=dict)
    vouchers: dict[str, Voucher] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    bills: dict[str, Bill] = field(default_factory=dict)
    uses: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Instrument, user and minutes."""
    billed_uses: dict[str, str] = field(default_factory=dict)
    minutes: Counter[tuple[str, str]] = field(default_factory=Counter)
    claims: dict[str, Claim] = field(default_factory=dict)
    payables: dict[str, Payable] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    taken_back: Counter[str] = field(default_factory=Counter)
    """By unit: budgetary income of a year that was over when its payment came back."""
    evidence: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Which contract a paper or an invoice supports now."""
    relations: dict[frozenset[str], bool] = field(default_factory=dict)
    interests: set[tuple[str, str]] = field(default_factory=set)
    entries: dict[int, Posted] = field(default_factory=dict)

    # -- who may ------------------------------------------------------------------------------------------------------

    def lacks(self, person: str, role: str, *roles: str, at: str | None = None) -> set[str]:
        """Why a person cannot act in one of these roles; in any organisation when none is named."""
        if person == "system":
            return {"SystemMayNot"}
        if person not in self.people:
            return {"UnknownActor"}
        held = self.people[person].posts
        if any(named in {role, *roles} and at in {None, where} for where, named in held):
            return set()
        return {"RoleMissing", "RoleMissingAt"}

    def nobody(self, person: str) -> set[str]:
        """Why this is no registered person."""
        return self.lacks(person, "") - {"RoleMissing", "RoleMissingAt"}

    def cannot_act_for(self, person: str, holder: str) -> set[str]:
        party = self.parties[holder]
        if party.kind == "team":
            return self.lacks(person, "recommender", at=party.body)
        return self.lacks(person, "applicant", at=holder)

    def neither_own_nor_operator(self, person: str, party: str) -> set[str]:
        if not self.lacks(person, "operator"):
            return set()
        return self.lacks(person, "applicant", "unit-officer", "recommender", at=party)

    def counts_as(self, person: str) -> frozenset[str]:
        return self.people[person].counts_as if person in self.people else frozenset({person})

    def chain(self, party: str) -> list[str]:
        found = [party]
        while (above := self.parties[found[-1]].controller) is not None:
            found.append(above)
        return found

    def related(self, one: str, other: str) -> bool:
        return (
            self.chain(one)[-1] == self.chain(other)[-1]
            or self.relations.get(frozenset({one, other}), False)
            or other == self.parties[one].body
            or one == self.parties[other].body
        )

    # -- dates --------------------------------------------------------------------------------------------------------

    def period_of(self, day: date) -> Period | None:
        return next((period for period in self.periods.values() if period.starts <= day <= period.ends), None)

    def cannot_post(self, on: date | None = None, *, confirmed: bool = False) -> set[str]:
        """Why no entry can be dated on a day; `confirmed`: with a reason and a second person."""
        day = on or self.today
        period = self.period_of(day)
        if day > self.today:
            return {"NotYet"}
        if period is None:
            return {"NoPeriod"}
        if period.status == "closed":
            return {"PeriodClosed"}
        if (day < self.today or period.status == "adjusting") and not confirmed:
            return {"BackdatingUnconfirmed"}
        return set()

    # -- budget -------------------------------------------------------------------------------------------------------

    def propose(self, actor: str, tenant: str, of: Year, paper: str, amount: int, cut: str | None) -> Verdict:
        def take(answer: Mapping[str, Any]) -> None:
            self.letters[answer["appropriation"]] = Letter(of, tenant, paper, amount, cut)
            self._ask(answer["approval"], actor, "finance", 1, "voucher.appropriation")

        begins = min(period.starts for period in self.periods.values()).year
        letter = Letter(of, tenant, paper, amount, cut)
        live = any(
            (other.of, other.paper) == (of, paper) and other.state != "refused" for other in self.letters.values()
        )
        return judged(
            take,
            self.lacks(actor, "operator", "finance", at=tenant),
            not_an_amount(amount),
            self._against_letter(letter),
            YearNotCurrent=begins <= of[1] < self.today.year,
            RuleNotYetInForce=of[1] < begins and of[0] == "jinyun-2017",
            LetterRecorded=live,
        )

    def _against_letter(self, letter: Letter) -> set[str]:
        budget = self.budgets.get(letter.of)
        against = {"BudgetOfAnotherBureau"} if budget and budget.operator != letter.operator else set()
        if budget and letter.of in self.ended:
            against.add("YearEnded")
        if letter.cut:
            line = budget.line(letter.cut) if budget else None
            if line is None:
                against.add("NotFound")
            elif line.available < letter.amount:
                against.add("CutTooDeep")
        return against

    def _post_letter(self, number: str) -> None:
        letter = self.letters[number]
        letter.state = "posted"
        budget = self.budgets.setdefault(letter.of, Budget(letter.operator))
        if letter.cut:
            line = budget.line(letter.cut)
            assert line
            line.available -= letter.amount
            budget.appropriated -= letter.amount
        else:
            budget.lines.append(Line(number, self.today, letter.amount))
            budget.appropriated += letter.amount

    def _too_little_budget(self, of: Year, amount: int) -> set[str]:
        budget = self.budgets.get(of)
        if budget is None:
            return {"NoBudget"}
        if budget.first_with(amount):
            return set()
        short = sum(line.available for line in budget.lines) < amount
        return {"BudgetExhausted" if short else "BudgetLineExhausted"}

    # -- the end of a year --------------------------------------------------------------------------------------------

    def borne_by(self, of: Year) -> Year:
        """The year to which a budget was carried, over and over."""
        scheme, year = of
        while (scheme, year) in self.ended:
            year += 1
        return scheme, year

    def stands(self, of: Year) -> Standing:
        """What must go somewhere when a year ends."""
        found: Standing = defaultdict(Counter)
        for line in self.budgets[of].lines if of in self.budgets else ():
            found[line.code]["available"] += line.available
        for number, places in self.face().items():
            voucher = self.vouchers[number]
            for place, fen in places.items():
                bucket, *rest = place.split(":")
                if bucket in OPEN_FACE and self.borne_by(voucher.of) == of:
                    found[voucher.line]["committed"] += fen
                elif bucket == "approved":
                    payable = self._payable_of(rest[1], number)
                    if self.borne_by((of[0], payable.year)) == of and voucher.of[0] == of[0]:
                        found[payable.charged]["obligated"] += fen
        return {line: +fen for line, fen in found.items() if +fen}

    def propose_year_end(self, actor: str, tenant: str, of: Year, document: str) -> Verdict:
        stands, operator = self.stands(of), self._operator_of(of)
        against = self.lacks(actor, "operator", "finance", at=tenant)
        if operator is None:
            return judged(nothing, against, NoBudget=True)
        carried = sum(fen["committed"] + fen["obligated"] for fen in stands.values())

        def take(answer: Mapping[str, Any]) -> None:
            assert answer["carried_fen"] == carried
            self.proposed_ends[of] = stands
            self._ask(answer["approval"], actor, "finance", 1, "voucher.year-end")

        return judged(
            take,
            against,
            self.cannot_end(of),
            BudgetOfAnotherBureau=operator != tenant,
            DocumentMissing=carried > 0 and not document.strip(),
        )

    def _operator_of(self, of: Year) -> str | None:
        if of in self.budgets:
            return self.budgets[of].operator
        before = (of[0], of[1] - 1)
        return self._operator_of(before) if self.carried_out[before] else None

    def cannot_end(self, of: Year) -> set[str]:
        scheme, year = of
        with_the_bank = [
            (self.claims[payable.claim].of[0], payable.year)
            for payable in self.payables.values()
            if not payable.paid and payable.batch and self.batches[payable.batch].state == "released"
        ]
        found = {
            "YearNotOver": self.today.year <= year,
            "YearEnded": of in self.ended,
            "NothingToEnd": not self.stands(of),
            "EarlierYearOpen": any(self.stands((scheme, earlier)) for earlier in range(2015, year)),
            "ExpiriesNotPosted": any(
                voucher.of[0] == scheme and self.is_over(voucher, date(year + 1, 1, 1))
                for voucher in self.vouchers.values()
            ),
            "PaymentUnderWay": any(paid[0] == scheme and paid[1] <= year for paid in with_the_bank),
        }
        return {code for code, holds in found.items() if holds}

    def _end_year(self, of: Year) -> None:
        for fen in self.stands(of).values():
            self.lapsed[of] += fen["available"]
            self.carried_out[of] += fen["committed"] + fen["obligated"]
        for line in self.budgets[of].lines if of in self.budgets else ():
            line.available = 0
        self.ended.add(of)

    def years_not_ended(self, day: date) -> list[Year]:
        """Those over by a day in which something stands."""
        years = {*self.budgets, *((scheme, year + 1) for scheme, year in self.ended)}
        return sorted(of for of in years if date(of[1], 12, 31) <= day and self.stands(of))

    # -- signatures ---------------------------------------------------------------------------------------------------

    def _ask(
        self, shown: Mapping[str, str], maker: str, role: str, needed: int, kind: str, concerns: Iterable[str] = ()
    ) -> None:
        before = self.requests.get((kind, shown["subject"]))
        earlier = (*before.earlier, before.content_hash) if before else ()
        self.requests[kind, shown["subject"]] = Request(
            kind, shown["subject"], shown["content_hash"], maker, role, needed, frozenset(concerns), earlier
        )

    def cannot_sign(self, actor: str, request: Request, shown: str) -> set[str]:
        if strange := self.nobody(actor):
            return strange
        person = self.people[actor]
        counted = frozenset().union(*(self.counts_as(one) for one in (request.maker, *request.signers)))
        about = {f"{request.kind}:{request.subject}", *request.concerns}
        found = {
            "NotAwaiting": not request.waits,
            "ContentChanged": shown != request.content_hash,
            "OwnWork": actor == request.maker,
            "AlreadySigned": actor in request.signers,
            "CountsAsAnother": bool(person.counts_as & counted),
            "InterestDeclared": any((actor, thing) in self.interests for thing in about),
            "WorksForParty": any(where in request.concerns for where, _ in person.posts),
            "WrongRole": all(role != request.role for _, role in person.posts),
        }
        return {code for code, holds in found.items() if holds}

    def approve(self, actor: str, kind: str, subject: str, shown: str) -> Verdict:
        request = self.requests.get((kind, subject))
        if request is None:
            return unknown()
        complete = len(request.signers) + 1 >= request.needed

        def take(answer: Mapping[str, Any]) -> None:
            request.signers.append(actor)
            if complete:
                self._signed(kind, subject, answer)

        against = self._against_signed(actor, kind, subject) if complete else set()
        return judged(take, self.cannot_sign(actor, request, shown), against)

    def _against_signed(self, actor: str, kind: str, subject: str) -> set[str]:
        """What speaks against that which the last signature sets off."""
        if kind == "voucher.appropriation":
            return self._against_letter(self.letters[subject]) | self.cannot_post()
        if kind == "voucher.issue":
            application = self.applications[subject]
            against = self._too_little_budget(application.of, application.granted) | self.cannot_post()
            against |= self.lacks(actor, "operator", at=self.budgets[application.of].operator)
            if application.state != "granted":
                against.add("WrongState")
            if application.of[1] != self.today.year:
                against.add("ApplicationYearOver")
            return against
        if kind == "voucher.year-end":
            of = year_of(subject)
            moved = self.stands(of) != self.proposed_ends[of]
            return self.cannot_post() | self.cannot_end(of) | ({"FiguresMoved"} if moved else set())
        if kind == "voucher.claim":
            notice = self.claims[subject].notice_until
            running = notice is not None and self.today <= notice
            contested = {"ObjectionOpen"} if self.claims[subject].contested else set()
            return self.cannot_post() | contested | ({"NoticeRunning"} if running else set())
        return set()

    def _signed(self, kind: str, subject: str, answer: Mapping[str, Any]) -> None:
        if kind == "voucher.appropriation":
            self._post_letter(subject)
        elif kind == "voucher.issue":
            self._issue(self.applications[subject], answer["voucher"])
        elif kind == "voucher.year-end":
            self._end_year(year_of(subject))
        elif kind == "voucher.claim":
            self._approve_claim(self.claims[subject], answer["payables"])
        elif kind == "payment.payee-account":
            self._set_account(subject, answer["since"])
        else:
            self.batches[subject].state = "released"
            self.batches[subject].released_on = self.today

    def reject(self, actor: str, kind: str, subject: str, shown: str, reason: str) -> Verdict:
        request = self.requests.get((kind, subject))
        if request is None:
            return unknown()

        def take(_answer: Mapping[str, Any]) -> None:
            request.refused = True
            if kind == "voucher.appropriation":
                self.letters[subject].state = "refused"
            elif kind == "voucher.issue":
                self.applications[subject].state = "submitted"
            elif kind == "voucher.claim":
                self._send_back(self.claims[subject])
            elif kind == "payment.batch":
                self.batches[subject].state = "refused"
                for payable in self.batches[subject].payables:
                    self.payables[payable].batch = None

        decided = kind == "voucher.issue" and self.applications[subject].state != "granted"
        return judged(
            take,
            self.cannot_sign(actor, request, shown),
            self.cannot_post() if kind == "voucher.claim" else (),
            TextMissing=not reason.strip(),
            WrongState=decided,
        )

    def declare_interest(self, actor: str, about: str) -> Verdict:
        there = about in self.parties or any(f"{kind}:{subject}" == about for kind, subject in self.requests)
        return judged(
            lambda _answer: self.interests.add((actor, about)),
            self.nobody(actor),
            NotFound=not there,
            InterestKnown=(actor, about) in self.interests,
        )

    # -- applications -------------------------------------------------------------------------------------------------

    def counted(self, of: Year, *, holder: str = "", controller: str = "", but: Application | None = None) -> int:
        """Face value issued and granted in a scheme's year, to a holder or under a controller."""
        issued = sum(
            v.face
            for v in self.vouchers.values()
            if v.of == of and holder in {"", v.holder} and (controller in {"", v.controller})
        )
        granted = sum(
            a.granted
            for a in self.applications.values()
            if a.of == of
            and a.state == "granted"
            and (a is not but and holder in {"", a.holder} and controller in {"", a.controller})
        )
        return issued + granted

    def ever(self, scheme: str, holder: str, but: Application | None = None) -> bool:
        years = {v.of for v in self.vouchers.values()} | {a.of for a in self.applications.values()}
        return any(self.counted(of, holder=holder, but=but) for of in years if of[0] == scheme)

    @staticmethod
    def grantable(scheme: str, requested: int, counted: int, *, first: bool) -> int:
        if SCHEMES[scheme].token is None:
            return min(requested, max(0, CAP - counted))
        room = FIRST if first else max(0, CAP - up_to_tokens(counted, SCHEMES[scheme]))
        return min(requested // TOKEN * TOKEN, room)

    def ineligible(self, holder: str) -> set[str]:
        party = self.parties[holder]
        if party.kind not in {"firm", "team"}:
            return {"WrongKind"}
        if party.kind == "team" or party.size in {"micro", "small"}:
            return set()
        return {"SizeNotDeclared" if party.size is None else "SizeNotEligible"}

    def apply(self, actor: str, holder: str, scheme: str, requested: int) -> Verdict:
        if holder not in self.parties or scheme not in SCHEMES:
            return judged(nothing, NotFound=holder not in self.parties, UnknownPolicy=scheme not in SCHEMES)
        of = (scheme, self.today.year)
        most = self.grantable(scheme, requested, self.counted(of, holder=holder), first=not self.ever(scheme, holder))

        def take(answer: Mapping[str, Any]) -> None:
            self.applications[answer["application"]] = Application(of, holder, self.chain(holder)[-1], requested)

        return judged(
            take,
            self.cannot_act_for(actor, holder),
            self.ineligible(holder),
            not_an_amount(requested),
            ApplicationOpen=any(a.open and (a.holder, a.of[0]) == (holder, scheme) for a in self.applications.values()),
            NothingToGrant=most < 1 and SCHEMES[scheme].token is None,
            FewerThanOneToken=most < 1 and SCHEMES[scheme].token is not None,
        )

    def decide_application(self, actor: str, number: str, grant: int | None, reason: str) -> Verdict:
        application = self.applications.get(number)
        if application is None:
            return unknown()
        if application.of not in self.budgets:
            return judged(nothing, NoBudget=True)
        budget = self.budgets[application.of]
        against = self.lacks(actor, "operator", at=budget.operator)
        if not application.open:
            against.add("WrongState")
        if grant is None:
            return judged(
                lambda _: setattr(application, "state", "rejected"), against, ReasonMissing=not reason.strip()
            )
        return self._decide_grant(actor, number, grant, against)

    def _decide_grant(self, actor: str, number: str, grant: int, against: set[str]) -> Verdict:
        application = self.applications[number]
        scheme = application.of[0]
        counted = self.counted(application.of, controller=application.controller, but=application)
        first = not self.ever(scheme, application.holder, application)
        most = self.grantable(scheme, application.requested, counted, first=first)

        def take(answer: Mapping[str, Any]) -> None:
            application.state, application.granted = "granted", grant
            body = self.parties[application.holder].body
            concerns = {application.holder, *([body] if body else [])}
            self._ask(answer["approval"], actor, "operator", 1, "voucher.issue", concerns)

        return judged(
            take,
            against,
            self.ineligible(application.holder),
            not_an_amount(grant),
            self._too_little_budget(application.of, grant),
            ApplicationYearOver=application.of[1] != self.today.year,
            ControllerChanged=self.chain(application.holder)[-1] != application.controller,
            NothingToGrant=most < 1 and SCHEMES[scheme].token is None,
            FewerThanOneToken=most < 1 and SCHEMES[scheme].token is not None,
            OverCap=most + counted > CAP,
            NotWholeTokens=bool(SCHEMES[scheme].token and grant % TOKEN),
            OverGrant=grant > most,
        )

    def _issue(self, application: Application, number: str) -> None:
        application.state = "issued"
        budget = self.budgets[application.of]
        line = budget.first_with(application.granted)
        assert line
        line.available -= application.granted
        self.vouchers[number] = Voucher(
            number=number,
            of=application.of,
            holder=application.holder,
            controller=application.controller,
            operator=budget.operator,
            line=line.code,
            face=application.granted,
            issued_on=self.today,
            expires_on=months_later(self.today, SCHEMES[application.of[0]].months),
            available=application.granted,
        )

    # -- use ----------------------------------------------------------------------------------------------------------

    def _retire(self, voucher: Voucher, amount: int) -> None:
        """Face value expires, and its budget is free again, or lapses with its year."""
        voucher.expired += amount
        self._free_budget(voucher, amount)

    def _free_budget(self, voucher: Voucher, amount: int) -> None:
        if self.today.year <= voucher.of[1]:
            line = self.budgets[voucher.of].line(voucher.line)
            assert line
            line.available += amount
        else:
            self.lapsed[self.borne_by(voucher.of)] += amount

    def reserve(self, actor: str, number: str, unit: str, paper: str, fee: int, amount: int, ends_on: date) -> Verdict:
        voucher = self.vouchers.get(number)
        if voucher is None or unit not in self.parties:
            return unknown()
        until = min(self.today + timedelta(HOLD_DAYS), voucher.expires_on)
        parties = [voucher.holder, *([body] if (body := self.parties[voucher.holder].body) else [])]
        most = up_to_tokens(fee * voucher.terms.percent // 100, voucher.terms)
        proof = ("contract", unit, identity(paper))

        def take(answer: Mapping[str, Any]) -> None:
            voucher.available -= amount
            contract = Contract(answer["contract"], number, unit, paper, fee, self.today, until, amount)
            self.contracts[contract.number] = contract
            self.evidence[proof] = contract.number

        return judged(
            take,
            self.cannot_act_for(actor, voucher.holder),
            not_an_amount(fee, amount),
            self.cannot_post(),
            VoucherExpired=not voucher.valid(self.today),
            WrongKind=self.parties[unit].kind != "unit",
            RelatedParty=any(self.related(party, unit) for party in parties),
            ServiceOver=ends_on < self.today,
            ServiceEndsTooLate=ends_on > until,
            NotWholeTokens=bool(voucher.terms.token and amount % TOKEN),
            OverShare=amount > most,
            OverAvailable=amount > voucher.available,
            EvidenceClaimed=proof in self.evidence,
        )

    def release(self, actor: str, number: str, reason: str) -> Verdict:
        contract = self.contracts.get(number)
        if contract is None:
            return unknown()
        voucher = self.vouchers[contract.voucher]
        stranger = self.cannot_act_for(actor, voucher.holder)
        operator = not self.lacks(actor, "operator", at=voucher.operator)
        return judged(
            lambda _answer: self._release(contract),
            () if operator else stranger,
            self.cannot_post(),
            HoldStands=operator and bool(stranger) and self.today <= contract.hold_until,
            WrongState=contract.state != "reserved",
            VoucherExpired=not voucher.valid(self.today),
            TextMissing=not reason.strip(),
        )

    def _release(self, contract: Contract) -> None:
        self.vouchers[contract.voucher].available += contract.held
        contract.held, contract.state = 0, "released"
        del self.evidence["contract", contract.unit, identity(contract.paper)]

    def accept(self, actor: str, number: str, bill_number: str) -> Verdict:
        contract, bill = self.contracts.get(number), self.bills.get(bill_number)
        if contract is None:
            return unknown()
        voucher = self.vouchers[contract.voucher]
        against = judged(
            nothing,
            self.cannot_act_for(actor, voucher.holder),
            self.cannot_post(),
            WrongState=contract.state != "reserved",
            VoucherExpired=not voucher.valid(self.today),
            ReservationLapsed=self.today > contract.hold_until,
        ).against
        if bill is None:
            return unknown(against)
        share = min(bill.fee * voucher.terms.percent // 100, contract.held)
        payers = {voucher.holder, self.parties[voucher.holder].body}

        def take(_answer: Mapping[str, Any]) -> None:
            spent = min(up_to_tokens(share, voucher.terms), contract.held)
            voucher.available += contract.held - spent
            self._retire(voucher, spent - share)
            contract.held, contract.redeemable, contract.state = 0, share, "accepted"
            contract.bill, contract.claim_until = bill.number, self.today + timedelta(CLAIM_DAYS)
            bill.open -= share
            bill.voucher_due += share
            self.evidence["invoice", bill.invoice] = contract.number

        other = (bill.unit, identity(bill.paper or "")) != (contract.unit, identity(contract.paper))
        return judged(
            take,
            against,
            BillOfAnother=other or bill.payer not in payers,
            BillDisputed=bill.disputed,
            BillCreditedInFull=not bill.fee,
            BillTooEarly=bill.invoice_date < contract.reserved_on,
            BillOpenTooLittle=bill.open < share,
            EvidenceClaimed=("invoice", bill.invoice) in self.evidence,
        )

    def credit_contract(self, actor: str, number: str, invoice: str, day: date, amount: int) -> Verdict:
        """A red invoice on a bill that was accepted: the voucher's share of what is left is computed anew."""
        contract = self.contracts.get(number)
        if contract is None:
            return unknown(not_an_amount(amount))
        states = judged(
            nothing,
            CreditInClaim=contract.state == "in-claim",
            CreditTooLate=contract.state in {"approved", "paid"},
            WrongState=contract.state not in {"accepted", "in-claim", "approved", "paid"},
        ).against
        if contract.state != "accepted" or contract.bill is None:
            return judged(nothing, states, not_an_amount(amount), self.lacks(actor, "unit-officer", at=contract.unit))
        bill, voucher = self.bills[contract.bill], self.vouchers[contract.voucher]
        left = max(0, bill.fee - amount)
        share = min(left * voucher.terms.percent // 100, contract.redeemable)
        freed = contract.redeemable - min(up_to_tokens(share, voucher.terms), contract.redeemable)
        freed = freed if voucher.valid(self.today) else 0
        withdrawn = contract.redeemable - share

        def take(_answer: Mapping[str, Any]) -> None:
            voucher.available += freed
            self._retire(voucher, withdrawn - freed)
            contract.redeemable = share
            bill.voucher_due -= withdrawn
            bill.open += withdrawn
            bill.credit(invoice, amount)
            if not left:
                contract.state = "credited"
                del self.evidence["contract", contract.unit, identity(contract.paper)]
                del self.evidence["invoice", bill.invoice]
                self._bill_anew(bill)

        return judged(
            take,
            self.lacks(actor, "unit-officer", at=contract.unit),
            self._against_red(bill, invoice, day, amount),
            MoreThanStands=amount > bill.open + withdrawn + bill.cash,
        )

    def expire(self, actor: str, number: str) -> Verdict:
        voucher = self.vouchers.get(number)
        if voucher is None:
            return unknown()

        def take(answer: Mapping[str, Any]) -> None:
            assert (answer["expired_fen"], answer["released_fen"]) == self._end([voucher])

        return judged(
            take,
            self.lacks(actor, "operator", at=voucher.operator),
            self.cannot_post() if self._moves(voucher) else (),
            NothingDue=not self.is_over(voucher, self.today),
        )

    def expire_due(self, actor: str, scheme: str, on: date, operator: str | None = None) -> Verdict:
        """Of every voucher, or of one bureau's, of which something was over before a day: all that is over today."""
        theirs = [v for v in self.vouchers.values() if v.of[0] == scheme and operator in {None, v.operator}]
        due = [v for v in theirs if self.is_over(v, on)]

        def take(answer: Mapping[str, Any]) -> None:
            assert sorted(answer["vouchers"]) == sorted(voucher.number for voucher in due)
            assert (answer["expired_fen"], answer["released_fen"]) == self._end(due)

        return judged(
            take,
            self.lacks(actor, "operator", at=operator),
            *(self.lacks(actor, "operator", at=voucher.operator) for voucher in due),
            self.cannot_post() if any(map(self._moves, due)) else (),
            DueLater=on > self.today,
        )

    @staticmethod
    def _itself_over(voucher: Voucher, day: date) -> bool:
        return voucher.expired_on is None and day > voucher.expires_on

    def what_is_over(self, voucher: Voucher, day: date) -> list[Contract]:
        """Contracts whose hold ran out or ended with the voucher, and those not claimed in time."""
        return [
            contract
            for contract in self.contracts.values()
            if contract.voucher == voucher.number
            and (
                (contract.state == "reserved" and (not voucher.valid(day) or day > contract.hold_until))
                or (contract.state == "accepted" and contract.claim_until is not None and day > contract.claim_until)
            )
        ]

    def is_over(self, voucher: Voucher, day: date) -> bool:
        return self._itself_over(voucher, day) or bool(self.what_is_over(voucher, day))

    def _moves(self, voucher: Voucher) -> bool:
        """Whether ending it posts anything: a contract of which nothing was paid by voucher ends without."""
        over = self.what_is_over(voucher, self.today)
        itself = self._itself_over(voucher, self.today) and voucher.available > 0
        return itself or any(contract.held or contract.redeemable for contract in over)

    def _end(self, vouchers: list[Voucher]) -> tuple[int, int]:
        """What expired and what was released."""
        expired = released = 0
        for voucher in vouchers:
            valid, before = voucher.valid(self.today), voucher.expired
            for contract in self.what_is_over(voucher, self.today):
                if contract.state == "accepted":
                    self._unclaimed(voucher, contract)
                elif valid:
                    released += contract.held
                    self._release(contract)
                else:
                    self._retire(voucher, contract.held)
                    contract.held, contract.state = 0, "expired"
                    del self.evidence["contract", contract.unit, identity(contract.paper)]
            if self._itself_over(voucher, self.today):
                self._retire(voucher, voucher.available)
                voucher.available, voucher.expired_on = 0, self.today
            expired += voucher.expired - before
        return expired, released

    def _unclaimed(self, voucher: Voucher, contract: Contract) -> None:
        assert contract.bill
        bill = self.bills[contract.bill]
        bill.voucher_due -= contract.redeemable
        bill.open += contract.redeemable
        self._retire(voucher, contract.redeemable)
        contract.redeemable, contract.state = 0, "unclaimed"

    # -- fees ---------------------------------------------------------------------------------------------------------

    def record_use(
        self, actor: str, instrument: str, user: str, operator: str, used_on: date, minutes: int, second: str
    ) -> Verdict:
        if instrument not in self.instruments or user not in self.parties:
            return unknown(not_an_amount(minutes))
        unit = self.instruments[instrument]
        ended_on = used_on + timedelta((STARTS_AT + minutes - 1) // DAY)
        late = ended_on < self.today
        same = bool(late and second and self.counts_as(actor) & self.counts_as(second))

        def take(answer: Mapping[str, Any]) -> None:
            self.uses[answer["use"]] = (instrument, user, minutes)
            self.minutes[instrument, user] += minutes

        return judged(
            take,
            self.lacks(actor, "unit-officer", at=unit),
            self.nobody(operator),
            not_an_amount(minutes),
            self.lacks(second, "unit-officer", at=unit) if late and second else (),
            self.cannot_post(ended_on, confirmed=bool(second)) - {"NotYet"},
            about=("use", instrument, user, minutes),
            UseInFuture=used_on > self.today,
            UseTooLong=ended_on > self.today,
            SecondPersonMissing=same,
        )

    def issue_bill(
        self,
        actor: str,
        unit: str,
        payer: str,
        invoice: str,
        invoice_date: date,
        lines: list[tuple[str | None, int, int]],
        paper: str | None,
    ) -> Verdict:
        """`lines`: the use it charges, quantity and price."""
        used = [use for use, _, _ in lines if use]
        known = [self.uses[use] for use in used if use in self.uses]
        gross = sum(quantity * price for _, quantity, price in lines)

        def take(answer: Mapping[str, Any]) -> None:
            bill = Bill(answer["bill"], unit, payer, paper, invoice, invoice_date, gross, gross)
            assert (answer["gross_fen"], answer["net_fen"]) == (gross, bill.net)
            self.bills[bill.number] = bill
            self.billed_uses |= dict.fromkeys(used, bill.number)

        return judged(
            take,
            self.lacks(actor, "unit-officer", at=unit),
            not_an_amount(gross, *(part for _, *parts in lines for part in parts)),
            self.cannot_post(),
            about=("bill", invoice),
            WrongKind=self.parties[unit].kind != "unit",
            PayerIsUnit=payer == unit,
            InvoiceInFuture=invoice_date > self.today,
            InvoiceUsed=self._invoice_used(invoice),
            BillWithoutLines=not lines,
            NotFound=len(known) < len(used),
            UseTwiceOnBill=len(set(used)) < len(used),
            UseOfAnotherUnit=any(self.instruments[instrument] != unit for instrument, _, _ in known),
            UseOfAnotherUser=any(payer not in {user, self.parties[user].body} for _, user, _ in known),
            UseBilled=any(use in self.billed_uses for use in used),
        )

    def receive(self, actor: str, number: str, amount: int, slip: str) -> Verdict:
        bill = self.bills.get(number)
        if bill is None:
            return unknown(not_an_amount(amount))

        def take(_answer: Mapping[str, Any]) -> None:
            bill.open -= amount
            bill.cash += amount
            bill.slips.add(slip)

        return judged(
            take,
            self.lacks(actor, "unit-officer", at=bill.unit),
            not_an_amount(amount),
            self.cannot_post(),
            about=("receipt", number, amount),
            MoreThanOpen=amount > bill.open,
            ReceiptKnown=slip in bill.slips,
        )

    def credit(self, actor: str, number: str, invoice: str, day: date, amount: int) -> Verdict:
        """A red invoice on a bill that no live contract has accepted."""
        bill = self.bills.get(number)
        if bill is None:
            return unknown(not_an_amount(amount))

        def take(_answer: Mapping[str, Any]) -> None:
            bill.credit(invoice, amount)
            if not bill.fee:
                self._bill_anew(bill)

        live = {"accepted", "in-claim", "approved", "paid"}
        return judged(
            take,
            self.lacks(actor, "unit-officer", at=bill.unit),
            self._against_red(bill, invoice, day, amount),
            about=("credit", number),
            MoreThanStands=amount > bill.open + bill.cash,
            CreditedThroughContract=any(
                contract.bill == number and contract.state in live for contract in self.contracts.values()
            ),
        )

    def _against_red(self, bill: Bill, invoice: str, day: date, amount: int) -> set[str]:
        return set(
            judged(
                nothing,
                not_an_amount(amount),
                self.cannot_post(),
                InvoiceInFuture=day > self.today,
                CreditBeforeBill=day < bill.invoice_date,
                InvoiceUsed=self._invoice_used(invoice),
            ).against
        )

    def _invoice_used(self, invoice: str) -> bool:
        return any(invoice == bill.invoice or invoice in bill.red for bill in self.bills.values())

    def _bill_anew(self, bill: Bill) -> None:
        """Nothing of it stands: its uses may be charged again."""
        self.billed_uses = {use: of for use, of in self.billed_uses.items() if of != bill.number}

    def repay(self, actor: str, number: str, amount: int, slip: str) -> Verdict:
        bill = self.bills.get(number)
        if bill is None:
            return unknown(not_an_amount(amount))

        def take(_answer: Mapping[str, Any]) -> None:
            bill.owed -= amount
            bill.slips_back.add(slip)

        return judged(
            take,
            self.lacks(actor, "unit-officer", at=bill.unit),
            not_an_amount(amount),
            self.cannot_post(),
            about=("repayment", number),
            MoreThanOwedBack=amount > bill.owed,
            RepaymentKnown=slip in bill.slips_back,
        )

    def dispute(self, actor: str, number: str, *, settled: bool) -> Verdict:
        bill = self.bills.get(number)
        if bill is None:
            return unknown()
        return judged(
            lambda _answer: setattr(bill, "disputed", not settled),
            self.neither_own_nor_operator(actor, bill.payer),
            NotDisputed=settled and not bill.disputed,
            AlreadyDisputed=not settled and bill.disputed,
            NothingOpen=not settled and not bill.open,
        )

    # -- claims and payment -------------------------------------------------------------------------------------------

    def file_claim(self, actor: str, unit: str, numbers: tuple[str, ...]) -> Verdict:
        shape = judged(nothing, LinesMissing=not numbers, LineTwice=len(set(numbers)) < len(numbers)).against
        if unit not in self.parties or any(number not in self.contracts for number in numbers) or not numbers:
            return judged(nothing, shape, self.lacks(actor, "unit-officer", at=unit), NotFound=bool(numbers))
        contracts = [self.contracts[number] for number in numbers]
        years = {self.borne_by(self.vouchers[contract.voucher].of) for contract in contracts}

        def take(answer: Mapping[str, Any]) -> None:
            operator = self.vouchers[contracts[0].voucher].operator
            lines = {contract.number: contract.redeemable for contract in contracts}
            claim = Claim(answer["claim"], unit, *years, operator, self.today, lines)
            assert answer["amount_fen"] == sum(lines.values())
            self.claims[claim.number] = claim
            for contract in contracts:
                contract.redeemable, contract.state, contract.claim = 0, "in-claim", claim.number

        return judged(
            take,
            shape,
            self.lacks(actor, "unit-officer", at=unit),
            self.cannot_post(),
            WrongKind=self.parties[unit].kind != "unit",
            ContractOfAnotherUnit=any(contract.unit != unit for contract in contracts),
            WrongState=any(contract.state != "accepted" for contract in contracts),
            ClaimWindowOver=any(c.claim_until is not None and self.today > c.claim_until for c in contracts),
            NothingToClaim=any(not contract.redeemable for contract in contracts),
            MixedClaim=len(years) > 1,
        )

    def correct(self, actor: str, unit: str, corrects: str) -> Verdict:
        """All lines of a claim that was sent back, filed anew."""
        old = self.claims.get(corrects)
        if old is None:
            return unknown(self.lacks(actor, "unit-officer", at=unit))
        filed = self.file_claim(actor, unit, tuple(old.lines) or ("nothing",))

        def take(answer: Mapping[str, Any]) -> None:
            filed.take(answer)
            old.corrected = True

        back = old.state == "returned"
        return judged(
            take,
            filed.against,
            ClaimOfAnotherUnit=old.unit != unit,
            WrongState=not back,
            AlreadyCorrected=old.corrected,
            CorrectionTooLate=old.correct_until is not None and self.today > old.correct_until,
        )

    def withdraw(self, actor: str, number: str) -> Verdict:
        claim = self.claims.get(number)
        if claim is None:
            return unknown()

        def take(_answer: Mapping[str, Any]) -> None:
            claim.state = "withdrawn"
            self._redeemable_again(claim)

        return judged(
            take,
            self.lacks(actor, "unit-officer", at=claim.unit),
            self.cannot_post(),
            WrongState=claim.state != "filed",
        )

    def review(self, actor: str, number: str, *, passed: bool, reason: str, refused: tuple[str, ...] = ()) -> Verdict:
        """`refused`: contracts refused for good."""
        claim = self.claims.get(number)
        if claim is None:
            return unknown()
        until = working_days_later(self.today, NOTICE_DAYS)

        def take(answer: Mapping[str, Any]) -> None:
            if not passed:
                self._send_back(claim)
                return
            for contract in refused:
                self._refuse(claim, self.contracts[contract])
            if not claim.lines:
                claim.state = "refused"
                return
            assert answer["notice_until"] == until.isoformat()
            claim.state, claim.notice_until, claim.reviewer = "passed", until, actor
            holders = {self.vouchers[self.contracts[line].voucher].holder for line in claim.lines}
            self._ask(answer["approval"], actor, "finance", 2, "voucher.claim", {claim.unit, *holders})

        verdict = judged(
            take,
            self.lacks(actor, "operator", at=claim.operator),
            () if passed and not refused else self.cannot_post(),
            WrongState=claim.state != "filed",
            ReasonMissing=not passed and not reason.strip(),
            LineNotInClaim=not set(refused) <= set(claim.lines),
        )
        # Nobody here appoints experts: a claim with a line large enough for them stays where it is.
        return replace(verdict, perhaps=verdict.perhaps | {"OpinionsMissing"}) if passed else verdict

    def raise_objection(self, actor: str, number: str, paper: str) -> Verdict:
        claim = self.claims.get(number)
        if claim is None:
            return unknown()
        return judged(
            lambda answer: claim.objections.update({answer["objection"]: paper}),
            self.lacks(actor, "operator", at=claim.operator),
            WrongState=claim.state != "passed",
            NoticeOver=claim.notice_until is not None and self.today > claim.notice_until,
            ObjectionKnown=paper in claim.objections.values(),
        )

    def answer_objection(self, actor: str, number: str, objection: str, *, upheld: bool) -> Verdict:
        claim = self.claims.get(number)
        if claim is None:
            return unknown()

        def take(_answer: Mapping[str, Any]) -> None:
            claim.answered.add(objection)
            if upheld:
                self._send_back(claim)
                self.requests["voucher.claim", number].lapsed = True

        return judged(
            take,
            self.lacks(actor, "operator", at=claim.operator),
            self.cannot_post() if upheld else (),
            NotFound=objection not in claim.objections,
            ObjectionAnswered=objection in claim.answered,
            WrongState=claim.state != "passed",
            OwnReviewAnswered=claim.reviewer in self.counts_as(actor),
        )

    def _refuse(self, claim: Claim, contract: Contract) -> None:
        """Nothing of it comes back to the voucher; the unit's bill is open again, its papers are free."""
        assert contract.bill
        amount, bill = claim.lines.pop(contract.number), self.bills[contract.bill]
        voucher = self.vouchers[contract.voucher]
        voucher.revoked += amount
        self._free_budget(voucher, amount)
        bill.voucher_due -= amount
        bill.open += amount
        contract.state = "refused"
        del self.evidence["contract", contract.unit, identity(contract.paper)]
        del self.evidence["invoice", bill.invoice]

    def _send_back(self, claim: Claim) -> None:
        claim.state, claim.correct_until = "returned", self.today + timedelta(CORRECTION_DAYS)
        for contract in self._redeemable_again(claim):
            assert contract.claim_until
            contract.claim_until = max(contract.claim_until, self.today + timedelta(CLAIM_DAYS))

    def _redeemable_again(self, claim: Claim) -> list[Contract]:
        contracts = [self.contracts[number] for number in claim.lines]
        for contract in contracts:
            contract.redeemable, contract.state, contract.claim = claim.lines[contract.number], "accepted", None
        return contracts

    def _approve_claim(self, claim: Claim, payables: list[str]) -> None:
        claim.state = "approved"
        sums: Counter[str] = Counter()
        for number, amount in claim.lines.items():
            sums[self.vouchers[self.contracts[number].voucher].line] += amount
            self.contracts[number].state = "approved"
        for payable, line in zip(payables, sorted(sums), strict=True):
            self.payables[payable] = Payable(claim.number, line, claim.unit, sums[line], claim.of[1], line)

    def compose(self, actor: str, numbers: tuple[str, ...]) -> Verdict:
        named = judged(nothing, NothingNamed=not numbers, NamedTwice=len(set(numbers)) < len(numbers)).against
        against = named | self.lacks(actor, "finance", "treasury")
        if any(number not in self.payables for number in numbers):
            return unknown(against)
        payables = [self.payables[number] for number in numbers]
        accounts = {number: self.parties[self.payables[number].payee].account_on(self.today) for number in numbers}

        def take(answer: Mapping[str, Any]) -> None:
            batch = answer["batch"]
            assert answer["total_fen"] == sum(payable.amount for payable in payables)
            self.batches[batch] = Batch(actor, self.today, numbers, accounts)
            for payable in payables:
                payable.batch = batch
            shown = {"subject": batch, "content_hash": answer["content_hash"]}
            self._ask(shown, actor, "finance", 1, "payment.batch", {payable.payee for payable in payables})

        return judged(
            take,
            against,
            AlreadyPaid=any(payable.paid for payable in payables),
            InAnotherBatch=any(payable.batch for payable in payables),
            NoPayeeAccount=None in accounts.values(),
        )

    def confirm(self, actor: str, number: str, paid_on: date, numbers: tuple[str, ...]) -> Verdict:
        named = judged(nothing, NothingNamed=not numbers, NamedTwice=len(set(numbers)) < len(numbers)).against
        batch = self.batches.get(number)
        against = named | self.lacks(actor, "finance", "treasury")
        if batch is None:
            return unknown(against)

        def take(_answer: Mapping[str, Any]) -> None:
            for payable in numbers:
                self._pay(self.payables[payable], paid_on)
                batch.confirmed[payable] = paid_on

        return judged(
            take,
            against,
            self.cannot_post(paid_on, confirmed=True) - {"NotYet"},
            NotReleased=batch.state != "released",
            OwnBatch=bool(self.counts_as(actor) & self.counts_as(batch.maker)),
            NotInBatch=any(payable not in batch.payables for payable in numbers),
            AlreadyConfirmed=any(payable in batch.confirmed for payable in numbers),
            AlreadyFailed=any(payable in batch.failed for payable in numbers),
            PaidInFuture=paid_on > self.today,
            PaidBeforeRelease=batch.released_on is not None and paid_on < batch.released_on,
        )

    def return_payment(self, actor: str, number: str, payable_number: str, on: date, reason: str) -> Verdict:
        """The bank has sent a payment back: approved and owed again, from the year's budget or from a later one's."""
        batch = self.batches.get(number)
        against = self.lacks(actor, "finance", "treasury") | judged(nothing, TextMissing=not reason.strip()).against
        if batch is None:
            return unknown(against)
        paid_on = batch.confirmed.get(payable_number)
        later = paid_on is not None and paid_on.year < on.year
        payable = self.payables.get(payable_number)
        scheme, anew, line = "", None, None
        if payable is not None:
            scheme = self.claims[payable.claim].of[0]
            going_on = (of for of in sorted(self.budgets) if of[0] == scheme and of[1] >= on.year)
            anew = next((of for of in going_on if of not in self.ended), None)
            line = self.budgets[anew].first_with(payable.amount) if anew else None

        def take(_answer: Mapping[str, Any]) -> None:
            assert payable is not None
            batch.returned.add(payable_number)
            payable.paid_on = payable.batch = None
            self._move_parts(payable, -1)
            if later:
                assert anew is not None
                assert line is not None
                self.bounced[scheme, payable.paid_by] += payable.amount
                self.taken_back[payable.payee] += payable.amount
                line.available -= payable.amount
                payable.year, payable.charged = anew[1], line.code
            else:
                _, payable.year = self.borne_by((scheme, payable.year))
                for year in range(payable.paid_by, payable.year):
                    self.carried_out[scheme, year] += payable.amount

        return judged(
            take,
            against,
            self.cannot_post(on, confirmed=True) - {"NotYet"},
            OwnBatch=bool(self.counts_as(actor) & self.counts_as(batch.maker)),
            NotInBatch=payable_number not in batch.payables,
            NotPaid=paid_on is None,
            AlreadyReturned=payable_number in batch.returned,
            ReturnedInFuture=on > self.today,
            ReturnedBeforePaid=paid_on is not None and on < paid_on,
            LaterBudgetTooSmall=later and line is None,
        )

    def fail_payment(self, actor: str, number: str, payable: str, on: date) -> Verdict:
        """The bank has not carried a line out: nothing is posted, and the payable is free again."""
        batch = self.batches.get(number)
        against = self.lacks(actor, "finance", "treasury")
        if batch is None:
            return unknown(against)

        def take(_answer: Mapping[str, Any]) -> None:
            batch.failed.add(payable)
            self.payables[payable].batch = None

        return judged(
            take,
            against,
            NotReleased=batch.state != "released",
            OwnBatch=bool(self.counts_as(actor) & self.counts_as(batch.maker)),
            NotInBatch=payable not in batch.payables,
            AlreadyConfirmed=payable in batch.confirmed,
            AlreadyFailed=payable in batch.failed,
            PaidInFuture=on > self.today,
            PaidBeforeRelease=batch.released_on is not None and on < batch.released_on,
        )

    def _pay(self, payable: Payable, paid_on: date) -> None:
        payable.paid_on = paid_on
        _, payable.paid_by = self.borne_by((self.claims[payable.claim].of[0], payable.year))
        self._move_parts(payable, 1)

    def _move_parts(self, payable: Payable, way: int) -> None:
        """1: paid, and the unit has it; -1: approved as before, and due to the unit."""
        claim = self.claims[payable.claim]
        for number, amount in claim.lines.items():
            contract = self.contracts[number]
            if self.vouchers[contract.voucher].line == payable.line:
                assert contract.bill
                contract.state = "paid" if way > 0 else "approved"
                self.bills[contract.bill].voucher_due -= way * amount
                self.bills[contract.bill].voucher_paid += way * amount
        claim.state = "approved"
        if all(other.paid for other in self.payables.values() if other.claim == claim.number):
            claim.state = "paid"

    # -- parties ------------------------------------------------------------------------------------------------------

    def declare_size(self, actor: str, firm: str, facts: tuple[str, int, int]) -> Verdict:
        if firm not in self.parties:
            return unknown()
        return judged(
            lambda _answer: setattr(self.parties[firm], "size", SIZES[facts]),
            self.neither_own_nor_operator(actor, firm),
            WrongKind=self.parties[firm].kind != "firm",
            SectorNotEncoded=facts not in SIZES,
        )

    def declare_controller(self, actor: str, party: str, controller: str | None) -> Verdict:
        if party not in self.parties:
            return unknown()
        declared = self.parties[party]

        def take(_answer: Mapping[str, Any]) -> None:
            declared.controller, declared.controller_declared = controller, True

        return judged(
            take,
            self.neither_own_nor_operator(actor, party),
            self.lacks(actor, "operator") if declared.controller_declared else (),
            WrongKind=declared.kind == "bureau",
            ControlCircle=controller is not None and party in self.chain(controller),
        )

    def declare_relation(self, actor: str, party: str, other: str, *, stands: bool) -> Verdict:
        if party not in self.parties:
            return unknown()
        pair = frozenset({party, other})
        return judged(
            lambda _answer: self.relations.update({pair: stands}),
            self.neither_own_nor_operator(actor, party) if stands else self.lacks(actor, "operator"),
            SameParty=party == other,
            RelationUnchanged=self.relations.get(pair, False) == stands,
        )

    def propose_account(self, actor: str, party: str, number: str) -> Verdict:
        if party not in self.parties:
            return unknown()
        owner = self.parties[party]
        own = self.lacks(actor, "applicant", "unit-officer", "recommender", at=party)

        def take(answer: Mapping[str, Any]) -> None:
            self.proposed_accounts[party] = number
            self._ask(answer["approval"], actor, "finance", 1, "payment.payee-account", {party})

        return judged(
            take,
            own if self.lacks(actor, "finance") else (),
            TeamHasNoAccount=owner.kind == "team",
            BankNumberWrong=not (number.isdigit() and 8 <= len(number) <= 32),
        )

    def _set_account(self, party: str, since_told: str) -> None:
        owner = self.parties[party]
        since = self.today + timedelta(COOLING_OFF_DAYS if owner.accounts else 0)
        assert since_told == since.isoformat()
        owner.accounts.insert(0, (since, self.proposed_accounts[party]))

    # -- the books ----------------------------------------------------------------------------------------------------

    def open_period(self, code: str, starts: date, ends: date) -> Verdict:
        return judged(
            lambda _answer: self.periods.update({code: Period(starts, ends)}),
            PeriodBackwards=ends < starts,
            PeriodExists=code in self.periods,
            PeriodOverlaps=any(p.starts <= ends and starts <= p.ends for p in self.periods.values()),
            PeriodBeforeClosed=any(starts < p.starts and p.status == "closed" for p in self.periods.values()),
        )

    def close_period(self, actor: str, code: str, to: str, second: str) -> Verdict:
        period = self.periods.get(code)
        if period is None:
            return unknown()
        following = {"open": "adjusting", "adjusting": "closed"}.get(period.status)
        verdict = judged(
            lambda _answer: setattr(period, "status", to),
            PeriodStepOutOfOrder=to != following,
            PeriodNotOver=self.today <= period.ends,
            TwoSignaturesNeeded=second.strip() in {"", actor},
            EarlierPeriodOpen=to == "closed"
            and any(p.starts < period.starts and p.status != "closed" for p in self.periods.values()),
            UnfinishedWork=to == "closed" and self.unfinished(period.ends),
            YearsNotEnded=to == "closed" and bool(self.years_not_ended(period.ends)),
        )
        if to == "closed" and any(entry.reverses for entry in self.entries.values()):
            verdict.perhaps = frozenset({"OverdrawnAtPeriodEnd"})
        return verdict

    def unfinished(self, day: date) -> bool:
        """A claim under way, something that was over on that day and has not been ended, a payment on its way."""
        return (
            any(claim.filed_on <= day and claim.state in {"filed", "passed"} for claim in self.claims.values())
            or any(self.is_over(voucher, day) for voucher in self.vouchers.values())
            or any(batch.composed_on <= day and not batch.settled for batch in self.batches.values())
        )

    def reverse(self, actor: str, seq: int, on: date, reason: str, second: str) -> Verdict:
        entry = self.entries.get(seq)
        if entry is None:
            return unknown()

        def take(_answer: Mapping[str, Any]) -> None:
            self._undo(entry.about)

        return judged(
            take,
            self.cannot_post(on, confirmed=True),
            self.cannot_undo(entry),
            about=("reversal", seq),
            AlreadyReversed=entry.reversed_by is not None,
            ReversalOfReversal=entry.reverses is not None,
            ReasonMissing=not reason.strip(),
            SecondPersonNeeded=second.strip() in {"", actor},
            ReversalBeforeOriginal=on < entry.on,
        )

    def cannot_undo(self, entry: Posted) -> set[str]:
        """A step of a voucher's life has its own way back; of a bill, only what is still open can be taken back."""
        if not isinstance(entry.about, tuple):
            return {"StepNotReversible", "CreditNotReversible"}
        what, of, *_ = entry.about
        if what == "bill":
            bill = self._billed(of)
            return ({"NotEnough"} if bill.open < bill.gross else set()) | (
                {"CreditNotReversible"} if bill.red else set()
            )
        if what in {"credit", "repayment"} or (what == "receipt" and self.bills[of].red):
            return {"CreditNotReversible"}
        return set()

    def _billed(self, invoice: str) -> Bill:
        return next(bill for bill in self.bills.values() if bill.invoice == invoice)

    def _undo(self, about: object) -> None:
        assert isinstance(about, tuple)
        what, *facts = about
        if what == "use":
            instrument, user, minutes = facts
            self.minutes[instrument, user] -= minutes
        elif what == "bill":
            bill = self._billed(facts[0])
            bill.open -= bill.gross
            bill.credited += bill.gross
        else:
            number, amount = facts
            self.bills[number].open += amount
            self.bills[number].cash -= amount

    def posted(self, about: object, entries: Iterable[tuple[int, str, date]]) -> None:
        """What the books wrote down for a command."""
        for seq, template, on in entries:
            reverses = about[1] if isinstance(about, tuple) and about[0] == "reversal" else None
            self.entries[seq] = Posted(template, on, about, reverses)
            if reverses:
                self.entries[reverses].reversed_by = seq

    # -- what must stand ----------------------------------------------------------------------------------------------

    def face(self) -> dict[str, Counter[str]]:
        """Where the face value of each voucher is: by bucket and, in it, what it is there for."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for number, voucher in self.vouchers.items():
            found[number] += Counter({f"available:{number}": voucher.available, f"expired:{number}": voucher.expired})
            found[number] += Counter({f"revoked:{number}": voucher.revoked})
        for contract in self.contracts.values():
            of = f"{contract.voucher}:{contract.number}"
            found[contract.voucher] += Counter({f"held:{of}": contract.held, f"redeemable:{of}": contract.redeemable})
        for claim in self.claims.values():
            for number, amount in claim.lines.items():
                voucher = self.contracts[number].voucher
                if claim.state in {"filed", "passed"}:
                    found[voucher][f"in-claim:{voucher}:{claim.number}"] += amount
                elif claim.state not in {"returned", "withdrawn"}:
                    payable = self._payable_of(claim.number, voucher)
                    found[voucher][
                        f"redeemed:{voucher}:{payable.paid_by}"
                        if payable.paid
                        else f"approved:{voucher}:{claim.number}"
                    ] += amount
        return found

    def _payable_of(self, claim: str, voucher: str) -> Payable:
        line = self.vouchers[voucher].line
        return next(p for p in self.payables.values() if (p.claim, p.line) == (claim, line))

    def balances(self) -> dict[str, int]:
        """Debits less credits of every account that holds something."""
        books: Counter[str] = Counter()
        for number, places in self.face().items():
            self._of_voucher(books, self.vouchers[number], places)
        for (scheme, year), budget in self.budgets.items():
            of = f"{scheme}:{year}"
            books[f"budget:appropriated:{of}"] -= budget.appropriated
            books[f"budget:available:{of}"] += sum(line.available for line in budget.lines)
        for (scheme, year), fen in self.lapsed.items():
            books[f"budget:lapsed:{scheme}:{year}"] += fen
        for (scheme, year), fen in self.bounced.items():
            books[f"budget:bounced:{scheme}:{year}"] += fen
            for account, way in (("fiscal-income", -1), ("prior-years", 1), ("7101", 1), ("6001", -1)):
                books[f"{account}:{self._operator_of((scheme, year))}"] += way * fen
        for unit, fen in self.taken_back.items():
            books[f"8202:{unit}"] += fen
            books[f"6101:{unit}"] -= fen
        for (scheme, year), fen in self.carried_out.items():
            books[f"budget:carried-out:{scheme}:{year}"] += fen
            books[f"budget:carried-in:{scheme}:{year + 1}"] -= fen
        for bill in self.bills.values():
            books[f"fees:open:{bill.number}"] += bill.open
            books[f"fees:voucher:{bill.number}"] += bill.voucher_due
            books[f"fees:income:{bill.unit}"] -= bill.net
            books[f"fees:vat:{bill.unit}"] -= bill.fee - bill.net
            books[f"fees:owed-to-payer:{bill.number}"] -= bill.owed
            books[f"bank:{bill.unit}"] += bill.cash + bill.voucher_paid + bill.owed
            books[f"8001:{bill.unit}"] += bill.voucher_paid
            books[f"6101:{bill.unit}"] -= bill.voucher_paid
        for (instrument, user), minutes in self.minutes.items():
            books[f"minutes:used:{instrument}:{user}"] += minutes
            books[f"minutes:capacity:{instrument}"] -= minutes
        return {address: fen for address, fen in books.items() if fen}

    def _of_voucher(self, books: Counter[str], voucher: Voucher, places: Counter[str]) -> None:
        commission = voucher.operator
        scheme, year = self.borne_by(voucher.of)
        books[f"vouchers:issued:{scheme}:{voucher.of[1]}"] -= voucher.face
        for place, fen in places.items():
            books[f"vouchers:{place}"] += fen
            bucket = place.split(":")[0]
            if bucket in OPEN_FACE:
                books[f"budget:committed:{scheme}:{year}"] += fen
            elif bucket == "approved":
                _, pays = self.borne_by((scheme, self._payable_of(place.split(":")[2], voucher.number).year))
                books[f"budget:obligated:{scheme}:{pays}"] += fen
                books[f"expense:{commission}"] += fen
                books[f"payable:{place.split(':')[2]}"] -= fen
            elif bucket == "redeemed":
                books[f"budget:expended:{scheme}:{place.split(':')[2]}"] += fen
                books[f"expense:{commission}"] += fen
                books[f"fiscal-income:{commission}"] -= fen
                books[f"7101:{commission}"] += fen
                books[f"6001:{commission}"] -= fen
