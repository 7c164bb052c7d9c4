"""What was taken back of paid contracts: the claim that paid each."""

from collections.abc import Collection, Mapping

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.fees.invoices import invoice
from ledger.fees.store import INVOICES
from ledger.vouchers.store.claims import CLAIMS
from ledger.vouchers.store.contracts import BILLS_OF_CONTRACTS, CONTRACTS, load_sharers


def load_claims_of_contracts(reader: Reader, contracts: Collection[str]) -> Mapping[str, str]:
    """The claim in which each contract stood last."""
    return dict(
        reader.rows(
            "SELECT DISTINCT ON (contract) contract, claim FROM voucher_claim_line "
            "WHERE book = %s AND contract = ANY(%s) ORDER BY contract, attempt DESC",
            reader.book,
            list(contracts),
        )
    )


def follow_claims_of_contracts(reader: Reader, contracts: Collection[str]) -> Mapping[str, Keys]:
    return {contract: CLAIMS.keys(claim) for contract, claim in load_claims_of_contracts(reader, contracts).items()}


def follow_refunded(reader: Reader, contracts: Collection[str]) -> Mapping[str, Keys]:
    """The contracts that share its bill, with the claims that paid them, and their bill."""
    return {
        contract: CONTRACTS.keys(*sharers) | CLAIMS_OF_CONTRACTS.keys(*sharers) | BILLS_OF_CONTRACTS.keys(*sharers)
        for contract, sharers in load_sharers(reader, contracts).items()
    }


def follow_recovering(reader: Reader, proposals: Collection[str]) -> Mapping[str, Keys]:
    """The contracts that a proposal names, with the claims that paid them, their bills, and the red invoice if any."""
    return {
        proposal: CONTRACTS.keys(*content["contracts"])
        | CLAIMS_OF_CONTRACTS.keys(*content["contracts"])
        | BILLS_OF_CONTRACTS.keys(*content["contracts"])
        | (
            INVOICES.keys(invoice(content["invoice_number"])) | REFUNDED.keys(content["contracts"][0])
            if content.get("invoice_number")
            else frozenset()
        )
        for proposal, content in reader.rows(
            "SELECT number, content FROM voucher_proposal WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(proposals),
        )
    }


def load_claims_of_steps(reader: Reader, steps: Collection[str]) -> Mapping[str, str]:
    """The claim against which a step of an obligation is set off."""
    return dict(
        reader.rows(
            "SELECT s.number, p.claim FROM obligation_step s "
            "JOIN voucher_claim_payable p ON p.book = s.book AND p.payable = s.payable "
            "WHERE s.book = %s AND s.number = ANY(%s)",
            reader.book,
            list(steps),
        )
    )


def follow_claims_of_steps(reader: Reader, steps: Collection[str]) -> Mapping[str, Keys]:
    return {step: CLAIMS.keys(claim) for step, claim in load_claims_of_steps(reader, steps).items()}


CLAIMS_OF_CONTRACTS = Aggregate[str](
    "voucher-contract-claim",
    load_claims_of_contracts,
    follow_claims_of_contracts,
    what="兑付申请/claim",
    locked=False,
)
"""By contract: the claim in which it stood last, which is followed."""
REFUNDED = Aggregate[tuple[str, ...]](
    "voucher-refunded", load_sharers, follow_refunded, what="合同/contract", locked=False
)
"""By contract: the live contracts that share its bill, which are followed with the claims that paid them."""
RECOVERING = Aggregate[None](
    "voucher-recovering", lambda _reader, _ids: {}, follow_recovering, what="提议/proposal", locked=False
)
"""By proposal: leads to what it wants to take back."""
CLAIMS_OF_STEPS = Aggregate[str](
    "voucher-step-claim",
    load_claims_of_steps,
    follow_claims_of_steps,
    what="追回事项/step of an obligation",
    locked=False,
)
"""By step that is set off against a claim: the claim, which is followed."""
