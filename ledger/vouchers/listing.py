"""What people and programs look at: applications, vouchers, contracts, claims, letters, budgets."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.executor.listing import Place, details, newest
from ledger.executor.reading import Reader
from ledger.vouchers.claim_values import Claim
from ledger.vouchers.store import APPLICATIONS, CLAIMS, CONTRACTS, PROPOSALS, VOUCHERS
from ledger.vouchers.values import Application, Contract, Proposal, Voucher


class ApplicationStep(StrEnum):
    """The step that an application took last."""

    SUBMITTED = "submitted"
    GRANTED = "granted"
    RETURNED = "returned"
    """By the second person, to the commission."""
    ISSUED = "issued"
    REJECTED = "rejected"


class ClaimStep(StrEnum):
    """The step that a claim took last."""

    FILED = "filed"
    PASSED = "passed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    APPROVED = "approved"
    """Whether paid or not."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a thing on its way."""

    step: str
    taken_on: date
    reason: str


def vouchers_page(
    reader: Reader, after: Place, limit: int, *, scheme: str | None = None, holder: str | None = None
) -> list[Voucher]:
    return newest(reader, VOUCHERS, "voucher", "issued_on", after, limit, scheme=scheme, holder=holder)


def contracts_page(
    reader: Reader,
    after: Place,
    limit: int,
    *,
    unit: str | None = None,
    voucher: str | None = None,
    claimable: bool = False,
) -> list[Contract]:
    """Contracts; on request only those of which something may be claimed, as their unit and bureaus see it."""
    where = f"AND {_CLAIMABLE}" if claimable else ""
    return newest(reader, CONTRACTS, "voucher_contract", "reserved_on", after, limit, where, unit=unit, voucher=voucher)


_CLAIMABLE = (
    "EXISTS (SELECT FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id WHERE a.book = t.book "
    "AND a.address = 'vouchers:redeemable:' || t.voucher || ':' || t.number AND b.debits > b.credits)"
)


def contracts_of(reader: Reader, voucher: str) -> list[Contract]:
    """Contracts of a voucher, in the order in which they were reserved."""
    numbers = [
        number
        for (number,) in reader.rows(
            "SELECT number FROM voucher_contract WHERE book = %s AND voucher = %s ORDER BY reserved_on, number",
            reader.book,
            voucher,
        )
    ]
    return details(reader, CONTRACTS, numbers)


def applications_page(
    reader: Reader,
    after: Place,
    limit: int,
    *,
    scheme: str | None = None,
    holder: str | None = None,
    last_step: ApplicationStep | None = None,
) -> list[Application]:
    where = _after_step("application", "submitted", last_step)
    return newest(
        reader, APPLICATIONS, "voucher_application", "applied_on", after, limit, where, scheme=scheme, holder=holder
    )


def application_steps(reader: Reader, application: str) -> list[Step]:
    return _steps(reader, "application", application)


def claims_page(
    reader: Reader,
    after: Place,
    limit: int,
    *,
    unit: str | None = None,
    scheme: str | None = None,
    last_step: ClaimStep | None = None,
) -> list[Claim]:
    where = _after_step("claim", "filed", last_step)
    return newest(reader, CLAIMS, "voucher_claim", "filed_on", after, limit, where, unit=unit, scheme=scheme)


def claim_steps(reader: Reader, claim: str) -> list[Step]:
    return _steps(reader, "claim", claim)


def _after_step(what: str, first: str, step: ApplicationStep | ClaimStep | None) -> str:
    """The condition that an application's or a claim's last step is this one."""
    if step is None:
        return ""
    last = (
        f"SELECT step FROM voucher_{what}_step s WHERE s.book = t.book AND s.{what} = t.number "  # noqa: S608  our own words
        "ORDER BY position DESC LIMIT 1"
    )
    return f"AND coalesce(({last}), '{first}') = '{step.value}'"


def _steps(reader: Reader, what: str, number: str) -> list[Step]:
    """Of an application or a claim, in their order."""
    rows = reader.rows(
        f"SELECT step, taken_on, reason FROM voucher_{what}_step WHERE book = %s AND {what} = %s ORDER BY position",  # noqa: S608  our own words
        reader.book,
        number,
    )
    return [Step(*row) for row in rows]


def proposals_page(
    reader: Reader, after: Place, limit: int, *, voucher: str | None = None, holder: str | None = None
) -> list[Proposal]:
    """What was proposed about vouchers and their holders."""
    where = "" if voucher is None else "AND t.voucher IS NOT NULL"
    wanted = {"holder": holder} if voucher is None else {"holder": holder, "voucher": voucher}
    return newest(reader, PROPOSALS, "voucher_proposal", "proposed_on", after, limit, where, **wanted)
