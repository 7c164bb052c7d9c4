"""One piece of evidence supports one live claim per kind of funding.  (pure)"""

import hashlib
import unicodedata

from ledger.errors import Refused
from ledger.fees.store import EvidenceClaimTable, EvidenceReleaseTable
from ledger.fees.values import Evidence, Funding
from ledger.journal.tables import EventRow
from ledger.journal.verify_receipt import canonical


class EvidenceClaimed(Refused):
    zh = "该凭据（{digest}）已用于{subject_kind}“{subject}”，同一类资金不能重复申领。"
    en = "This evidence ({digest}) supports {subject_kind} {subject} already; the same kind of funding is claimed once."

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(digest=evidence.digest[:12], subject_kind=evidence.subject_kind, subject=evidence.subject)


def evidence_digest(kind: str, *parts: str) -> str:
    """What names a piece of evidence: its kind and what identifies it, e.g. `("contract", unit, contract_number)`.

    64 hex digits.
    """
    return hashlib.sha256(b"vledger:evidence:1:" + canonical([kind, *parts])).hexdigest()


def contract_identity(contract_number: str) -> str:
    """A contract number as it is compared: full width is half width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", contract_number).casefold().split())


def contract_digest(unit: str, contract_number: str, *more: str) -> str:
    """What names a unit's contract as evidence, however its number was typed; 64 hex digits."""
    return evidence_digest("contract", unit, contract_identity(contract_number), *more)


def evidence_key(funding: Funding, digest: str) -> str:
    """Its id in the aggregate EVIDENCE."""
    return Evidence(funding, digest).key


def claim_evidence_rows(evidence: Evidence, subject_kind: str, subject: str) -> tuple[EventRow, ...]:
    """Bind a free piece of evidence to a claim.

    Raises:
        EvidenceClaimed: another claim lives on it.
    """
    if evidence.subject is not None:
        raise EvidenceClaimed(evidence)
    return (
        EvidenceClaimTable(
            funding=evidence.funding.value,
            digest=evidence.digest,
            claim=evidence.claims + 1,
            released_claim=evidence.claims or None,
            subject_kind=subject_kind,
            subject=subject,
        ),
    )


def release_evidence_rows(evidence: Evidence, reason: str) -> tuple[EventRow, ...]:
    """Free it again; nothing to write when it is free."""
    if evidence.subject is None:
        return ()
    return (
        EvidenceReleaseTable(
            funding=evidence.funding.value, digest=evidence.digest, claim=evidence.claims, reason=reason
        ),
    )
