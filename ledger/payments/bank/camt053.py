"""camt.053, the bank-to-customer statement of ISO 20022, from version 2 on.  (pure)

Read are booked entries; what is pending comes again when it is booked. An entry of several transactions whose amounts
add up to it is as many lines, any other is one. Names of elements are ISO's; between versions some moved or got a
level more, and both places are looked at.
"""

import re
from collections.abc import Iterator

from ledger.payments.bank import reading
from ledger.payments.bank.reading import CurrencyNotCny, NotAStatement
from ledger.payments.bank.values import Direction, Statement, StatementLine
from ledger.payments.bank.xml_tree import Node, parse

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.[0-9]{2}")
_NOTHING = frozenset({"", "NOTPROVIDED", "NONREF"})
"""What stands where nobody gave an id."""
_IDS = ("EndToEndId", "InstrId", "TxId", "PmtInfId", "MsgId")
_OPENING, _CLOSING = {"OPBD", "PRCD"}, {"CLBD"}


def read_camt053(data: bytes) -> tuple[Statement, ...]:
    """The statements of a file.

    Raises:
        NotAStatement, DocumentTypeRefused, or the sentence of what cannot be read, with its place.
    """
    root = parse(data)
    if root.name != "Document" or not _NAMESPACE.fullmatch(root.namespace):
        raise NotAStatement(reason=reading.words(f"{root.namespace} {root.name}", 100))
    return tuple(_statement(node, f"Stmt {n}") for n, node in enumerate(root.all("BkToCstmrStmt/Stmt"), start=1))


def _statement(node: Node, place: str) -> Statement:
    own = reading.account(node.said("Acct/Id/IBAN", "Acct/Id/Othr/Id"))
    lines = [
        line
        for n, entry in enumerate(node.all("Ntry"), start=1)
        if entry.said("Sts/Cd", "Sts") in {"BOOK", ""}
        for line in _lines(entry, own, f"{place}, Ntry {n}")
    ]
    return Statement(
        account_number=reading.needed(own, place, "账号", "account"),
        reference=reading.name(reading.needed(node.said("Id"), place, "对账单编号", "statement's number")),
        lines=tuple(lines),
        opening_fen=_balance(node, _OPENING, place),
        closing_fen=_balance(node, _CLOSING, place),
    )


def _balance(node: Node, kinds: set[str], place: str) -> int | None:
    for balance in node.all("Bal"):
        if balance.said("Tp/CdOrPrtry/Cd") in kinds:
            amount_fen = reading.fen(_cny(balance, place), place)
            way = reading.direction(balance.said("CdtDbtInd"), place)
            return amount_fen if way is Direction.CREDIT else -amount_fen
    return None


def _lines(entry: Node, own: str, place: str) -> Iterator[StatementLine]:
    """One for each transaction where their amounts are the entry's, else one for the entry."""
    amount_fen = reading.some_fen(_cny(entry, place), place)
    transactions = list(entry.all("NtryDtls/TxDtls"))
    amounts = [_amount_of(transaction, place) for transaction in transactions]
    reference = entry.said("AcctSvcrRef", "NtryRef")
    if len(transactions) > 1 and sum(amounts) == amount_fen and all(amounts):
        for n, (transaction, part_fen) in enumerate(zip(transactions, amounts, strict=True), start=1):
            own_reference = transaction.said("Refs/AcctSvcrRef")
            named = own_reference if own_reference and own_reference != reference else reference and f"{reference}/{n}"
            yield _line(entry, transaction, part_fen, named, own, f"{place}, TxDtls {n}")
    else:
        only = transactions[0] if len(transactions) == 1 else None
        named = reference or (only.said("Refs/AcctSvcrRef") if only else "")
        yield _line(entry, only, amount_fen, named, own, place)


def _amount_of(transaction: Node, place: str) -> int:
    """In fen; nothing where the transaction says none in CNY."""
    found = transaction.first("Amt", "AmtDtls/TxAmt/Amt")
    return reading.fen(found.text, place) if found and found.attributes.get("Ccy") == "CNY" else 0


def _line(
    entry: Node, transaction: Node | None, amount_fen: int, reference: str, own: str, place: str
) -> StatementLine:
    details = transaction or Node("TxDtls", "", {})
    way = reading.direction(details.said("CdtDbtInd") or entry.said("CdtDbtInd"), place)
    reason = _reason(details)
    counterparty, number = _counterparty(details, way, own)
    purpose = " ".join(
        node.text
        for source in (details.all("RmtInf/Ustrd"), details.all("AddtlTxInf"), entry.all("AddtlNtryInf"))
        for node in source
    )
    return StatementLine(
        reference=reading.name(reading.needed(reference, place, "银行流水号", "bank's reference")),
        direction=way,
        amount_fen=amount_fen,
        booked_on=reading.day(entry.said("BookgDt/Dt", "BookgDt/DtTm"), place),
        references=_references(entry, details),
        returned=entry.said("RvslInd").lower() in {"true", "1"} or bool(details.first("RtrInf")),
        return_reason=reason,
        counterparty_account=number,
        counterparty_name=counterparty,
        purpose=reading.words(purpose),
    )


def _references(entry: Node, details: Node) -> tuple[str, ...]:
    """What came with the payment order, the end-to-end id first; a booking of a whole batch names it on the entry."""
    found = [details.said(f"Refs/{name}") for name in _IDS]
    found += [entry.said(f"NtryDtls/Btch/{name}") for name in ("PmtInfId", "MsgId")]
    return tuple(dict.fromkeys(reading.name(id_) for id_ in found if id_.upper() not in _NOTHING))


def _reason(details: Node) -> str:
    parts = [details.said("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"), *(node.text for node in details.all("RtrInf/AddtlInf"))]
    return reading.words(" ".join(part for part in parts if part))


def _counterparty(details: Node, way: Direction, own: str) -> tuple[str, str]:
    """Name and account of the other side: whichever of the two accounts is not ours, else whom the money went to."""
    sides = [
        (
            reading.name(details.said(f"RltdPties/{role}/Pty/Nm", f"RltdPties/{role}/Nm")),
            reading.account(details.said(f"RltdPties/{role}Acct/Id/IBAN", f"RltdPties/{role}Acct/Id/Othr/Id")),
        )
        for role in (("Cdtr", "Dbtr") if way is Direction.DEBIT else ("Dbtr", "Cdtr"))
    ]
    return next((side for side in sides if side[1] and side[1] != own), sides[0])


def _cny(node: Node, place: str) -> str:
    """The amount as written, once it is in CNY."""
    amount = node.first("Amt")
    if amount is None:
        return reading.needed("", place, "金额", "amount")
    if amount.attributes.get("Ccy") != "CNY":
        raise CurrencyNotCny(place=place, currency=reading.words(amount.attributes.get("Ccy", ""), 10))
    return amount.text
