"""What papers prove about an organisation: recorded by an operator who has seen them, and withdrawn again."""

from datetime import date

from fastapi import status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Day, Line, example
from api.dependencies import Sending
from api.routing import SliceRouter
from ledger.registry.record_certificate import RecordCertificate
from ledger.registry.values import CertificateKind
from ledger.registry.withdraw_certificate import WithdrawCertificate

router = SliceRouter("/v1/organisations", tag="organisations")


class NewCertificate(Body):
    model_config = example(
        {
            "kind": "place-of-business",
            "paper_number": "12371500MB0000000X",
            "valid_from": "2023-01-01",
            "valid_until": None,
            "region": "371500",
        }
    )

    kind: CertificateKind
    paper_number: Line = Field(description="Of the certificate, the licence or the published list")
    valid_from: Day
    valid_until: Day | None = Field(default=None, description="Last day; null: until it is withdrawn")
    region: Line | None = Field(
        default=None, description="Six digits (GB/T 2260): of the place, or of the city whose list it is"
    )


class CertificateRecorded(Written):
    model_config = example({"party": "12331122MA0000232L", "certificate": "CT-1A2B-3C4D-5E6F7", "proof": PROOF_EXAMPLE})

    party: str
    certificate: str


@router.post("/{code}/certificates", status_code=status.HTTP_201_CREATED, summary="Record what a paper proves")
async def record_certificate(code: str, body: NewCertificate, sender: Sending) -> CertificateRecorded:
    """By an operator. A high-tech enterprise, a place of business, a unit on a list of mutual recognition."""
    command = RecordCertificate(
        **sender.signed,
        party=code,
        certificate=body.kind,
        paper_number=body.paper_number,
        valid_from=body.valid_from,
        valid_until=body.valid_until,
        region=body.region or "",
    )
    return CertificateRecorded.told(await sender.send(command))


class CertificateEnd(Body):
    model_config = example({"reason": "The certificate was revoked by its issuer"})

    reason: Line


class CertificateEnded(Written):
    model_config = example(
        {
            "party": "12331122MA0000232L",
            "certificate": "CT-1A2B-3C4D-5E6F7",
            "withdrawn_on": "2023-07-03",
            "proof": PROOF_EXAMPLE,
        }
    )

    party: str
    certificate: str
    withdrawn_on: date = Field(description="From this day on it proves nothing; what was decided before stands")


@router.post(
    "/{code}/certificates/{certificate}/withdrawal",
    status_code=status.HTTP_201_CREATED,
    summary="Withdraw a certificate",
)
async def withdraw_certificate(code: str, certificate: str, body: CertificateEnd, sender: Sending) -> CertificateEnded:
    """By an operator."""
    command = WithdrawCertificate(**sender.signed, party=code, certificate=certificate, reason=body.reason)
    return CertificateEnded.told(await sender.send(command))
