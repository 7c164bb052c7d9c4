"""Contracts for which a part of a voucher is set aside: accepted with the unit's bill, or released."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status
from pydantic import Field

from api.access import BILL, VOUCHER
from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Fen, Filter, Line, Shown, Text, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routes.bills import CREDITED, BillCredited, NewCreditNote
from api.routing import SliceRouter
from ledger.executor.listing import detail
from ledger.vouchers.accept import Accept
from ledger.vouchers.credit_bill import CreditContractBill
from ledger.vouchers.listing import contracts_page
from ledger.vouchers.match import MatchContract
from ledger.vouchers.release import ReleaseHold
from ledger.vouchers.states import ContractState
from ledger.vouchers.store import CONTRACTS

router = SliceRouter("/v1/contracts", tag="contracts")

CONTRACT = {
    "number": "C-1A2B-3C4D-5E6F7",
    "voucher": "V-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "contract_number": "HT-2017-031",
    "service": "Tensile tests of a new alloy",
    "fee_fen": 4_000_000,
    "held_fen": 2_000_000,
    "redeemable_fen": 0,
    "service_ends_on": "2017-03-31",
    "reserved_on": "2017-03-01",
    "hold_until": "2017-05-30",
    "bill": None,
    "accepted_on": None,
    "claim_until": None,
    "claim": None,
    "calculation": None,
    "citation": "",
    "payee": None,
    "matches": None,
    "recovered_fen": 0,
    "state": "reserved",
}


class ContractShown(Shown):
    model_config = example(CONTRACT)

    number: str
    voucher: str
    unit: str
    contract_number: str = Field(description="As its two parties number it")
    service: str
    fee_fen: int = Field(description="Fee agreed, with VAT")
    held_fen: int = Field(description="Face value set aside")
    redeemable_fen: int = Field(description="Face value accepted and not in a claim")
    service_ends_on: date
    reserved_on: date
    hold_until: date = Field(description="Last day on which the service may be accepted")
    bill: str | None
    accepted_on: date | None
    claim_until: date | None = Field(description="Last day on which the unit may claim what was accepted")
    claim: str | None = Field(description="The unit's claim in which it stood last")
    calculation: UUID | None = Field(description="Of what the voucher pays; see calculations")
    citation: str = Field(description="Source and article that it rests on")
    payee: str | None = Field(description="Of an accepted one, where its scheme pays the firm: who claims")
    matches: str | None = Field(description="The contract under another payer's voucher beside which this one pays")
    recovered_fen: int = Field(description="Of what was paid, what was decided to be owed back")
    state: ContractState


class ContractPage(Page[ContractShown]):
    model_config = example({"items": [CONTRACT], "next": None})


class Acceptance(Body):
    model_config = example({"bill": "BL-1A2B-3C4D-5E6F7"})

    bill: Line = Field(description="The unit's, for this contract")


class Accepted(Written):
    model_config = example(
        {
            "contract": "C-1A2B-3C4D-5E6F7",
            "share_fen": 2_000_000,
            "matched_fen": 0,
            "firm_fen": 2_000_000,
            "payee": "12331122MA0000232L",
            "returned_fen": 0,
            "retired_fen": 0,
            "claim_until": "2017-06-30",
            "synthetic": True,
            "calculation": "3b0c8d7e-52d7-5f0e-8f0a-8f1a1c2d3e4f",
            "proof": PROOF_EXAMPLE,
        }
    )

    contract: str
    share_fen: int = Field(description="What the voucher pays of the actual fee, computed anew")
    matched_fen: int = Field(description="What the payer bears whose contract this one matches")
    firm_fen: int = Field(description="What the firm pays itself; before another payer matches it")
    payee: str = Field(description="Who claims the share: the unit; the firm, where the scheme pays the firm")
    returned_fen: int = Field(description="Goes back to the voucher")
    retired_fen: int = Field(description="Expires: no change is given")
    claim_until: date = Field(description="Last day on which the unit may claim it")
    synthetic: bool = Field(description="True: figures of the scheme are invented")
    calculation: UUID


class Release(Body):
    model_config = example({"reason": "The contract is off"})

    reason: Text


class Released(Written):
    model_config = example(
        {"contract": "C-1A2B-3C4D-5E6F7", "released_fen": 2_000_000, "released_with": [], "proof": PROOF_EXAMPLE}
    )

    contract: str
    released_fen: int = Field(description="Goes back to the voucher")
    released_with: list[str] = Field(description="Contracts that matched it under other payers' vouchers")


class NewMatch(Body):
    model_config = example({"voucher": "V-2B3C-4D5E-6F7G8", "amount_fen": 1_500_000})

    voucher: Line = Field(description="Of the same holder, under the other payer's scheme")
    amount_fen: Fen = Field(description="Face value to set aside")


class Matched(Written):
    model_config = example(
        {
            "contract": "C-2B3C-4D5E-6F7G8",
            "matches": "C-1A2B-3C4D-5E6F7",
            "held_fen": 1_500_000,
            "hold_until": "2023-12-31",
            "proof": PROOF_EXAMPLE,
        }
    )

    contract: str = Field(description="The contract under the other payer's voucher; accepted and claimed by itself")
    matches: str
    held_fen: int
    hold_until: date = Field(description="Last day on which the service may be accepted")


class ContractShare(Shown):
    model_config = example({"contract": "C-1A2B-3C4D-5E6F7", "share_fen": 1_990_000})

    contract: str
    share_fen: int


class ContractBillCredited(BillCredited):
    model_config = example(
        {
            **CREDITED,
            "contract": "C-1A2B-3C4D-5E6F7",
            "share_fen": 1_990_000,
            "returned_fen": 10_000,
            "retired_fen": 0,
            "shares": [{"contract": "C-1A2B-3C4D-5E6F7", "share_fen": 1_990_000}],
            "proof": PROOF_EXAMPLE,
        }
    )

    contract: str
    share_fen: int = Field(description="What vouchers pay of the bill now, computed anew")
    returned_fen: int = Field(description="Goes back to the voucher")
    retired_fen: int = Field(description="Expires: no change is given, or the voucher is no longer valid")
    shares: list[ContractShare] = Field(description="By payer")


@router.get("", summary="Contracts that you have a part in, newest first")
def contracts(
    reader: Reading,
    paging: Paging,
    unit: Filter | None = None,
    voucher: Filter | None = None,
    *,
    claimable: Annotated[bool, Query(description="Only what their unit, which asks, may claim")] = False,
) -> ContractPage:
    found = contracts_page(reader, paging.newest(), paging.look_ahead, unit=unit, voucher=voucher, claimable=claimable)
    return paging.page(ContractPage, found, ContractShown.of, lambda contract: (contract.reserved_on, contract.number))


@router.get("/{number}", summary="A contract", response_model=ContractShown)
def contract(number: str, request: Request, reader: Reading) -> Response:
    return document(request, ContractShown.of(detail(reader, CONTRACTS, number)))


@router.post("/{number}/acceptance", status_code=status.HTTP_201_CREATED, summary="Accept the service as billed")
async def accept(number: str, body: Acceptance, sender: Sending) -> Accepted:
    """The holder confirms that the service was done: the voucher's share of the actual fee becomes redeemable."""
    await sender.check_visible(BILL, body.bill)
    return Accepted.told(await sender.send(Accept(**sender.signed, contract=number, bill=body.bill)))


@router.post("/{number}/matches", status_code=status.HTTP_201_CREATED, summary="Have another payer's voucher match it")
async def match(number: str, body: NewMatch, sender: Sending) -> Matched:
    """By whoever acts for the holder of both vouchers, where the other payer's scheme matches this one's."""
    await sender.check_visible(VOUCHER, body.voucher)
    command = MatchContract(**sender.signed, contract=number, voucher=body.voucher, amount_fen=body.amount_fen)
    return Matched.told(await sender.send(command))


@router.post("/{number}/release", status_code=status.HTTP_201_CREATED, summary="Give the reservation up")
async def release(number: str, body: Release, sender: Sending) -> Released:
    """By whoever acts for the holder at any time, with what matches it; by the commission once the hold has run out."""
    return Released.told(await sender.send(ReleaseHold(**sender.signed, contract=number, reason=body.reason)))


@router.post(
    "/{number}/credit-notes", status_code=status.HTTP_201_CREATED, summary="Credit the contract's bill by a red invoice"
)
async def credit(number: str, body: NewCreditNote, sender: Sending) -> ContractBillCredited:
    """By an officer of the unit, before the contract is claimed. The voucher's share is computed anew."""
    command = CreditContractBill(**sender.signed, contract=number, red=body.red())
    return ContractBillCredited.told(await sender.send(command))
