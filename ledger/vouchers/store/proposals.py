"""What the commission proposes about vouchers and their holders."""

from collections.abc import Collection, Mapping

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.registry.store import PARTIES, PARTY_CHANGES
from ledger.vouchers.states import ProposalState
from ledger.vouchers.store.contracts import INVOICES_OF_CONTRACTS
from ledger.vouchers.store.due import WHOLES, load_wholes
from ledger.vouchers.values import Proposal


def load_proposals(reader: Reader, numbers: Collection[str]) -> Mapping[str, Proposal]:
    return {
        number: Proposal(
            number=number,
            kind=kind,
            operator=operator,
            holder=holder,
            voucher=voucher,
            content=content,
            maker=maker,
            state=ProposalState(outcome or ProposalState.PROPOSED),
            proposed_on=proposed_on,
        )
        for number, kind, operator, holder, voucher, content, maker, proposed_on, outcome in reader.rows(
            "SELECT p.number, p.kind, p.operator, p.holder, p.voucher, p.content, p.maker, p.proposed_on, e.outcome "
            "FROM voucher_proposal p "
            "LEFT JOIN voucher_proposal_end e ON e.book = p.book AND e.proposal = p.number "
            "WHERE p.book = %s AND p.number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


def follow_proposals(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The holder, locked against another decision about it; of a voucher all contracts and all their evidence."""
    rows = reader.rows(
        "SELECT number, holder, voucher FROM voucher_proposal WHERE book = %s AND number = ANY(%s)",
        reader.book,
        list(numbers),
    )
    contracts = load_wholes(reader, [voucher for _, _, voucher in rows if voucher])
    return {
        number: PARTIES.keys(holder)
        | PARTY_CHANGES.keys(holder)
        | (WHOLES.keys(voucher) | INVOICES_OF_CONTRACTS.keys(*contracts[voucher]) if voucher else frozenset())
        for number, holder, voucher in rows
    }


PROPOSALS = Aggregate[Proposal]("voucher-proposal", load_proposals, follow_proposals, what="提议/proposal")
