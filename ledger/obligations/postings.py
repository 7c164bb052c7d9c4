"""The entries of an obligation's life after its decision. Each docstring is the T-account.  (pure)

o = obligation, s:y = scheme and year of the budget that was spent, K = the bureau, U = a debtor that keeps books here.
p = principal, i = interest, a = both. A zero line is left out.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ledger.journal.accounts import Account, AccountClass
from ledger.journal.entries import Backdating, Entry, Transfer, entry, move
from ledger.obligations import addresses
from ledger.obligations.values import Obligation, Parts, Remittable
from ledger.payments.addresses import bank, fiscal_income, payable
from ledger.payments.values import Payable


@dataclass(frozen=True, slots=True)
class Ground:
    """What an entry rests on."""

    on: date
    """Legal date."""
    citation: str = ""
    memo: str = ""
    backdating: Backdating | None = None
    calculation: UUID | None = None

    def entry(self, template: str, *moves: tuple[Transfer, ...]) -> Entry:
        return entry(
            template,
            self.on,
            *moves,
            citation=self.citation,
            calculation=self.calculation,
            backdating=self.backdating,
            memo=self.memo,
        )


def receipt_entry(obligation: Obligation, parts: Parts, ground: Ground) -> Entry:
    """The debtor has paid. What comes in the year of its budget goes back to the treasury's account at once.

    debit   budget:reinstated:s:y     p      credit  budget:recovering:s:y     p      (in its year)
    debit   fiscal-income:K (4001)    p      credit  recovery:o (1218)         p      (in its year)
    debit   budget:recovered:s:y      p      credit  budget:recovering:s:y     p      (later)
    debit   bank:K (1002)             p      credit  recovery:o (1218)         p      (later)
    debit   prior-surplus:K (3501)    p      credit  due-to-treasury:K (2103)  p      (later, decided in its year)
    debit   bank:K (1002)             i      credit  recovery:o (1218)         i
    debit   owed-to-fiscal:o (2307)   a      credit  bank:U (1002)             a      (U)
    """
    principal, interest = parts
    creditor, its_year = obligation.creditor, obligation.came_in_its_year(ground.on)
    receivable = _recovery(obligation)
    return ground.entry(
        "obligation.receive",
        _budget_comes_back(obligation, principal, ground.on),
        move(principal, debit=fiscal_income(creditor) if its_year else bank(creditor), credit=receivable),
        _now_the_treasurys(obligation, principal, ground.on),
        move(interest, debit=bank(creditor), credit=receivable),
        *(
            [move(sum(parts), debit=_owed(obligation), credit=bank(obligation.debtor))]
            if obligation.debtor_keeps_books
            else []
        ),
    )


def offset_entry(obligation: Obligation, award: Payable, parts: Parts, ground: Ground) -> Entry:
    """A part of an award is kept: gross on both sides, then the budget as if it had been received.

    debit   payable:award (2303)      a      credit  recovery:o (1218)         a
    debit   budget:reinstated:s:y     p      credit  budget:recovering:s:y     p      (in its year)
    debit   budget:recovered:s:y      p      credit  budget:recovering:s:y     p      (later)
    debit   prior-surplus:K (3501)    p      credit  due-to-treasury:K (2103)  p      (later, decided in its year)
    """
    return ground.entry(
        "obligation.offset",
        move(sum(parts), debit=payable(award.subject, payer=award.payer), credit=_recovery(obligation)),
        _budget_comes_back(obligation, parts.principal_fen, ground.on),
        _now_the_treasurys(obligation, parts.principal_fen, ground.on),
    )


def write_off_entry(obligation: Obligation, parts: Parts, ground: Ground) -> Entry:
    """It will not be had. The debtor's side stands: it owes what it owes, whatever the bureau still hopes for.

    debit   budget:written-off:s:y    p      credit  budget:recovering:s:y     p
    debit   write-off-loss:K (5901)   a      credit  recovery:o (1218)         a
    """
    loss = addresses.of_party(addresses.WRITE_OFF_LOSS, obligation.creditor)
    return ground.entry(
        "obligation.write-off",
        _authority(obligation, parts.principal_fen, addresses.WRITTEN_OFF),
        move(sum(parts), debit=loss, credit=_recovery(obligation)),
    )


def interest_entry(obligation: Obligation, amount_fen: int, ground: Ground) -> Entry:
    """Being late has made it more: non-tax revenue, which is the treasury's.

    debit   recovery:o (1218)         i      credit  due-to-treasury:K (2103)  i
    debit   late-cost:U (5901)        i      credit  owed-to-fiscal:o (2307)   i      (U)
    """
    treasury = addresses.of_party(addresses.DUE_TO_TREASURY, obligation.creditor)
    return ground.entry(
        "obligation.charge-interest",
        move(amount_fen, debit=_recovery(obligation), credit=treasury),
        *(
            [
                move(
                    amount_fen,
                    debit=addresses.of_party(addresses.LATE_COST, obligation.debtor),
                    credit=_owed(obligation),
                )
            ]
            if obligation.debtor_keeps_books
            else []
        ),
    )


def remittance_entry(obligation: Obligation, remitted: Remittable, ground: Ground) -> Entry:
    """What belongs to the treasury is handed over. What was set off it has: it paid so much less for the award.

    debit   due-to-treasury:K (2103)  came by bank   credit  bank:K (1002)            came by bank
    debit   due-to-treasury:K (2103)  set off        credit  fiscal-income:K (4001)   set off
    """
    creditor = obligation.creditor
    treasury = addresses.of_party(addresses.DUE_TO_TREASURY, creditor)
    return ground.entry(
        "obligation.remit",
        move(remitted.bank_fen, debit=treasury, credit=bank(creditor)),
        move(remitted.kept_fen, debit=treasury, credit=fiscal_income(creditor)),
    )


# -- parts of entries --------------------------------------------------------------------------------------------------


def _recovery(obligation: Obligation) -> Account:
    return addresses.recovery(obligation.number, creditor=obligation.creditor)


def _owed(obligation: Obligation) -> Account:
    return addresses.owed_to_fiscal(obligation.number, debtor=obligation.debtor)


def _budget_comes_back(obligation: Obligation, principal_fen: int, on: date) -> tuple[Transfer, ...]:
    its_year = obligation.came_in_its_year(on)
    return _authority(obligation, principal_fen, addresses.REINSTATED if its_year else addresses.RECOVERED)


def _now_the_treasurys(obligation: Obligation, principal_fen: int, on: date) -> tuple[Transfer, ...]:
    """Its year was relieved of the expense, and is over: what comes now is not that year's any more."""
    if obligation.came_in_its_year(on) or not obligation.charged_to_its_year:
        return ()
    return move(
        principal_fen,
        debit=addresses.of_party(addresses.PRIOR_SURPLUS, obligation.creditor),
        credit=addresses.of_party(addresses.DUE_TO_TREASURY, obligation.creditor),
    )


def _authority(obligation: Obligation, principal_fen: int, bucket: AccountClass) -> tuple[Transfer, ...]:
    debit, credit = (
        addresses.budget(line, scheme=obligation.scheme, year=obligation.year, creditor=obligation.creditor)
        for line in (bucket, addresses.RECOVERING)
    )
    return move(principal_fen, debit=debit, credit=credit, budget_line=obligation.budget_line)
