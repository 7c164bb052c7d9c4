"""The entries of customs' goods.  (pure)"""

from collections.abc import Iterator, Sequence
from datetime import date

from ledger.customs import addresses
from ledger.customs.values import Consent, Exposure, TakenBack, Tax, Taxes
from ledger.journal.entries import Backdating, Entry, Transfer, entry, move
from ledger.payments.addresses import bank


def grant_entry(consent: Consent, minutes: int, on: date, citation: str = "") -> Entry:
    """Customs consents to so many minutes.

    debit   customs:consent-left:<consent>       minutes
    credit  customs:consent-granted:<consent>    minutes
    """
    return entry(
        "customs.grant-minutes",
        on,
        move(
            minutes,
            debit=addresses.consent_left(consent.number, consent.unit),
            credit=addresses.consent_granted(consent.number, consent.unit),
        ),
        citation=citation,
        memo=consent.document_number,
    )


def use_entry(
    used: Sequence[tuple[Consent, int]], on: date, citation: str = "", backdating: Backdating | None = None
) -> Entry:
    """Uses in scope take their minutes from what was consented to; where no limit was set, from the consent itself.

    debit   customs:consent-used:<consent>                     minutes
    credit  customs:consent-left:<consent> (or -granted)       minutes
    """
    return entry(
        "customs.use-minutes",
        on,
        *(_used(consent, minutes) for consent, minutes in used),
        citation=citation,
        backdating=backdating,
    )


def return_entry(taken: Sequence[TakenBack], on: date, backdating: Backdating) -> Entry:
    """Uses that were taken back give their minutes back.

    debit   customs:consent-left:<consent> (or -granted)       minutes
    credit  customs:consent-used:<consent>                     minutes
    """
    return entry(
        "customs.return-minutes",
        on,
        *(
            move(
                one.minutes,
                debit=(addresses.consent_left if one.limited else addresses.consent_granted)(one.consent, one.unit),
                credit=addresses.consent_used(one.consent, one.unit),
            )
            for one in taken
        ),
        backdating=backdating,
    )


def _used(consent: Consent, minutes: int) -> tuple[Transfer, ...]:
    source = addresses.consent_granted if consent.minutes is None else addresses.consent_left
    return move(
        minutes,
        debit=addresses.consent_used(consent.number, consent.unit),
        credit=source(consent.number, consent.unit),
    )


def exposure_entry(
    exposures: Sequence[Exposure], on: date, citation: str = "", backdating: Backdating | None = None
) -> Entry:
    """What uses out of scope may cost: an estimate, by kind of tax.

    debit   customs:at-risk:<exposure>:<tax>       tax
    credit  customs:contingent:<instrument>        tax
    """
    return entry(
        "customs.expose",
        on,
        *(legs for exposure in exposures for legs in _changes(exposure, Taxes(), exposure.standing)),
        citation=citation,
        backdating=backdating,
    )


def settlement_entries(changes: Sequence[tuple[Exposure, Taxes]], on: date, memo: str = "") -> tuple[Entry, ...]:
    """What is at risk becomes what customs says; nothing, once it is cleared or paid. No entry where nothing changes.

    more:  debit customs:at-risk:<exposure>:<tax>    credit customs:contingent:<instrument>
    less:  the sides exchanged
    """
    transfers = tuple(
        t for exposure, after in changes for legs in _changes(exposure, exposure.standing, after) for t in legs
    )
    return (entry("customs.settle", on, transfers, memo=memo),) if transfers else ()


def payment_entry(  # each part has its name
    unit: str, tax_fen: int, late_fee_fen: int, on: date, citation: str, memo: str, backdating: Backdating | None = None
) -> Entry:
    """The unit has paid customs. Of its own money: the books know its bank, and no budget of it.

    debit   customs:import-tax:<unit>    tax         credit  bank:<unit>    both
    debit   customs:late-fee:<unit>      late fee
    """
    bank_account = bank(unit)
    return entry(
        "customs.pay",
        on,
        move(tax_fen, debit=addresses.import_tax(unit), credit=bank_account),
        move(late_fee_fen, debit=addresses.late_fee(unit), credit=bank_account),
        citation=citation,
        memo=memo,
        backdating=backdating,
    )


def _changes(exposure: Exposure, before: Taxes, after: Taxes) -> Iterator[tuple[Transfer, ...]]:
    source = addresses.contingent(exposure.instrument, exposure.unit)
    for tax in Tax:
        risk = addresses.at_risk(exposure.number, tax, exposure.unit)
        more = after.by_kind()[tax] - before.by_kind()[tax]
        yield move(max(more, 0), debit=risk, credit=source)
        yield move(max(-more, 0), debit=source, credit=risk)
