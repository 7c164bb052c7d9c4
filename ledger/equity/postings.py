"""The entries of fees that become shares. What moves no cash makes no budgetary line.  (pure)"""

from datetime import date
from uuid import UUID

from ledger.equity import addresses as a
from ledger.equity.values import Conversion, Dividend, Exit, ExitKind, Proposal, WriteDown
from ledger.fees.addresses import fees_income, fees_open, fees_vat
from ledger.journal.entries import Entry, Transfer, entry, move
from ledger.payments.addresses import bank


def lease_entry(unit: str, net_fen: int, on: date, citation: str, memo: str) -> Entry:
    """A fee counted under an agreement that lets instruments is rent.

    debit   fees:income:<unit> (4101)    net        credit  equity:rent:<unit> (4605)    net
    """
    return entry(
        "equity.lease",
        on,
        move(net_fen, debit=fees_income(unit), credit=a.of_unit(a.RENT, unit)),
        citation=citation,
        memo=memo,
    )


def vat_entry(unit: str, amount_fen: int, on: date, memo: str) -> Entry:
    """The unit pays the VAT in cash, though of the fee none has come.

    debit   fees:vat:<unit> (2101)       VAT        credit  bank:<unit> (1002)           VAT
    debit   equity:7201:<unit>           VAT        credit  equity:8001:<unit>           VAT
    """
    return entry(
        "equity.pay-vat",
        on,
        move(amount_fen, debit=fees_vat(unit), credit=bank(unit)),
        move(amount_fen, debit=a.of_unit(a.SERVICE_SPENT, unit), credit=a.of_unit(a.FUNDS, unit)),
        memo=memo,
    )


def appraisal_entry(conversion: Conversion, fee_fen: int, on: date, citation: str) -> Entry:
    """What the appraisal costs is a part of what the holding costs.

    debit   equity:investment:<firm>:<unit> (1501)    fee        credit  bank:<unit> (1002)    fee
    debit   equity:7901:<unit>                        fee        credit  equity:8001:<unit>    fee
    """
    firm, unit = conversion.firm, conversion.unit
    return entry(
        "equity.pay-appraisal",
        on,
        move(fee_fen, debit=a.of_holding(a.INVESTMENT, firm, unit), credit=bank(unit)),
        move(fee_fen, debit=a.of_unit(a.OTHER_SPENT, unit), credit=a.of_unit(a.FUNDS, unit)),
        citation=citation,
        memo=conversion.report_number,
    )


def capital_entries(firm: str, change_fen: int, on: date, memo: str) -> tuple[Entry, ...]:
    """Registered capital that the books come to know is the others'; of less, it is theirs that goes.

    more:  debit  equity:holding:<firm>:others    credit  equity:issued:<firm>
    less:  the sides exchanged
    """
    others, all_of_it = a.holding(firm), a.issued(firm)
    if change_fen < 0:
        moved = move(-change_fen, debit=all_of_it, credit=others)
    else:
        moved = move(change_fen, debit=others, credit=all_of_it)
    return (entry("equity.record-capital", on, moved, memo=memo),) if moved else ()


def conversion_entries(
    conversion: Conversion, proposal: Proposal, on: date, citation: str, calculation: UUID
) -> tuple[Entry, ...]:
    """The firm owes the fee no more; the unit owns a share that waits for its registration.

    debit   equity:investment:<firm>:<unit> (1501)    converted     credit  fees:open:<bill> (1212)    its part
    debit   equity:pending:<firm>:<agreement>         registered    credit  equity:issued:<firm>       registered
    """
    firm, unit = conversion.firm, conversion.unit
    cost = a.of_holding(a.INVESTMENT, firm, unit)
    return (
        entry(
            "equity.convert",
            on,
            *(move(one.amount_fen, debit=cost, credit=fees_open(one.bill, unit)) for one in proposal.bills),
            move(
                proposal.new_registered_fen,
                debit=a.pending(firm, conversion.agreement, unit),
                credit=a.issued(firm),
            ),
            citation=citation,
            calculation=calculation,
            memo=conversion.number,
        ),
    )


def registration_entry(conversion: Conversion, registered_fen: int, on: date, citation: str, memo: str) -> Entry:
    """The share stands in the register.

    debit   equity:holding:<firm>:<unit>    registered    credit  equity:pending:<firm>:<agreement>    registered
    """
    firm, unit = conversion.firm, conversion.unit
    return entry(
        "equity.register",
        on,
        move(registered_fen, debit=a.holding(firm, unit), credit=a.pending(firm, conversion.agreement, unit)),
        citation=citation,
        memo=memo,
    )


def declaration_entry(dividend: Dividend, on: date, citation: str, calculation: UUID, memo: str) -> Entry:
    """The firm owes a dividend.

    debit   equity:dividends:<firm>:<unit> (1215)    dividend
    credit  equity:returns:<unit> (4602), or equity:to-treasury:<unit> (2103) where it is handed on
    """
    other = a.TO_TREASURY if dividend.remitted else a.RETURNS
    return entry(
        "equity.declare-dividend",
        on,
        move(
            dividend.dividend_fen,
            debit=a.of_holding(a.DIVIDENDS, dividend.firm, dividend.unit),
            credit=a.of_unit(other, dividend.unit),
        ),
        citation=citation,
        calculation=calculation,
        memo=memo,
    )


def receipt_entry(dividend: Dividend, amount_fen: int, on: date, memo: str) -> Entry:
    """The dividend has come; a budgetary line only for what the unit keeps.

    debit   bank:<unit> (1002)       dividend    credit  equity:dividends:<firm>:<unit> (1215)    dividend
    debit   equity:8001:<unit>       dividend    credit  equity:6602:<unit>                       dividend
    """
    unit = dividend.unit
    return entry(
        "equity.receive-dividend",
        on,
        move(amount_fen, debit=bank(unit), credit=a.of_holding(a.DIVIDENDS, dividend.firm, unit)),
        _returned(unit, 0 if dividend.remitted else amount_fen),
        memo=memo,
    )


def exit_entry(
    exit_: Exit, cost_fen: int, to_treasury_fen: int, on: date, citation: str, calculation: UUID, memo: str
) -> Entry:
    """The share has gone and its price has come.

    debit   equity:disposed:<unit> (5301)    cost         credit  equity:investment:<firm>:<unit> (1501)    cost
    debit   bank:<unit> (1002)               price        credit  equity:to-treasury:<unit> (2103)          treasury
                                                          credit  equity:returns:<unit> (4602)              retained
    debit   equity:8001:<unit>               retained     credit  equity:6602:<unit>                        retained
    debit   equity:holding:<firm>:others     capital      credit  equity:holding:<firm>:<unit>              capital
            (of a reduction equity:issued:<firm>)
    """
    firm, unit = exit_.firm, exit_.unit
    retained_fen = exit_.price_fen - to_treasury_fen
    goes_to = a.holding(firm) if exit_.kind is ExitKind.SALE else a.issued(firm)
    return entry(
        "equity.exit",
        on,
        move(cost_fen, debit=a.of_unit(a.DISPOSED, unit), credit=a.of_holding(a.INVESTMENT, firm, unit)),
        move(to_treasury_fen, debit=bank(unit), credit=a.of_unit(a.TO_TREASURY, unit)),
        move(retained_fen, debit=bank(unit), credit=a.of_unit(a.RETURNS, unit)),
        _returned(unit, retained_fen),
        move(exit_.sold_fen, debit=goes_to, credit=a.holding(firm, unit)),
        citation=citation,
        calculation=calculation,
        memo=memo,
    )


def set_apart_entry(write_down: WriteDown, on: date, *, back: bool = False) -> Entry:
    """What is to be written off awaits its approval; refused, it is an investment again.

    debit   equity:to-dispose:<firm>:<unit> (1902)    cost    credit  equity:investment:<firm>:<unit> (1501)    cost
    back:   the sides exchanged
    """
    cost = a.of_holding(a.INVESTMENT, write_down.firm, write_down.unit)
    waiting = a.of_holding(a.TO_DISPOSE, write_down.firm, write_down.unit)
    debit, credit = (cost, waiting) if back else (waiting, cost)
    moved = move(write_down.amount_fen, debit=debit, credit=credit)
    return entry("equity.set-apart", on, moved, memo=write_down.number)


def write_down_entry(write_down: WriteDown, on: date) -> Entry:
    """It is approved.

    debit   equity:disposed:<unit> (5301)    cost    credit  equity:to-dispose:<firm>:<unit> (1902)    cost
    """
    unit = write_down.unit
    waiting = a.of_holding(a.TO_DISPOSE, write_down.firm, unit)
    moved = move(write_down.amount_fen, debit=a.of_unit(a.DISPOSED, unit), credit=waiting)
    return entry("equity.write-down", on, moved, memo=write_down.document_number)


def remittance_entry(unit: str, amount_fen: int, on: date, memo: str) -> Entry:
    """The treasury has its money.

    debit   equity:to-treasury:<unit> (2103)    amount    credit  bank:<unit> (1002)    amount
    """
    return entry(
        "equity.remit", on, move(amount_fen, debit=a.of_unit(a.TO_TREASURY, unit), credit=bank(unit)), memo=memo
    )


def _returned(unit: str, fen: int) -> tuple[Transfer, ...]:
    return move(fen, debit=a.of_unit(a.FUNDS, unit), credit=a.of_unit(a.BUDGET_RETURNS, unit))
