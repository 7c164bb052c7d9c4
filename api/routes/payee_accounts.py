"""Where money for an organisation goes: proposed by it or by finance, signed by an officer of finance."""

from datetime import date

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Line, Shown, example
from api.dependencies import Reading, Sending
from api.paging import document
from api.routing import SliceRouter
from ledger.payments.set_payee_account import KIND, ProposePayeeAccount
from ledger.registry.store import PARTIES

router = SliceRouter("/v1/organisations", tag="organisations")

_ACCOUNT = {"account_name": "Alloy Works", "bank": "Bank of China, Jinyun", "number": "6222000099"}


class PayeeAccountShown(Shown):
    model_config = example({**_ACCOUNT, "cnaps": "104343912345", "since": "2017-03-08"})

    account_name: str
    bank: str
    number: str
    cnaps: str = Field(description="Number of the bank's branch (联行号)")
    since: date = Field(description="First day it may be paid to; before, the one that it replaces is")


class PayeeAccounts(Shown):
    model_config = example(
        {"party": "91331122MA0000267X", "accounts": [{**_ACCOUNT, "cnaps": "104343912345", "since": "2017-03-08"}]}
    )

    party: str
    accounts: list[PayeeAccountShown] = Field(description="Latest first; empty where none is set or yours to see")


@router.get("/{code}/payee-accounts", summary="Accounts that money for it goes to", response_model=PayeeAccounts)
def payee_accounts(code: str, request: Request, reader: Reading) -> Response:
    party = PARTIES.load(reader, [code])[code]
    accounts = (party.account, *party.earlier_accounts) if party.account else ()
    return document(request, PayeeAccounts(party=code, accounts=[PayeeAccountShown.of(one) for one in accounts]))


class NewPayeeAccount(Body):
    model_config = example(
        {
            "account_name": "Alloy Works",
            "bank": "Bank of China, Jinyun",
            "account_number": "6222000099",
            "cnaps": "104343912345",
        }
    )

    account_name: Line
    bank: Line
    account_number: Line = Field(description="8 to 32 digits")
    cnaps: Line = Field(description="12 digits: the number of the bank's branch (联行号)")


class PayeeAccountProposed(Written):
    model_config = example(
        {
            "party": "91331122MA0000267X",
            "approval": {"kind": KIND, "subject": "91331122MA0000267X", "content_hash": "0" * 64},
            "proof": PROOF_EXAMPLE,
        }
    )

    party: str
    approval: ApprovalAsked = Field(description="What an officer of finance is asked to sign")


@router.post("/{code}/payee-accounts", status_code=status.HTTP_201_CREATED, summary="Propose where its money goes")
async def propose_payee_account(code: str, body: NewPayeeAccount, sender: Sending) -> PayeeAccountProposed:
    """By its own people or an officer of finance. Signed, a changed account is paid to after a cooling-off time."""
    command = ProposePayeeAccount(
        **sender.signed,
        party=code,
        account_name=body.account_name,
        bank=body.bank,
        account_number=body.account_number,
        cnaps=body.cnaps,
    )
    return PayeeAccountProposed.told(await sender.send(command))
