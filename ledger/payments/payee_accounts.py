"""Proposed accounts of payees: their table, and how decisions load the latest."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import SmallInteger
from sqlmodel import Field

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.journal.tables import EventRow
from ledger.registry.store import PARTIES, PARTY_CHANGES


class PayeeAccountProposalTable(EventRow, table=True):
    """An account as proposed; the latest version counts, and what was signed of it stands with its party."""

    __tablename__ = "payee_account_proposal"
    tells_of = ("party", "party")

    party: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    account_name: str
    bank: str
    number: str
    cnaps: str
    replaces: str
    """Number of the account that it is to replace; empty where there was none."""
    maker: str
    proposed_on: date


@dataclass(frozen=True, slots=True)
class ProposedAccount:
    """The account of a party as last proposed."""

    version: int
    """0: none was proposed yet."""
    account_name: str = ""
    bank: str = ""
    number: str = ""
    cnaps: str = ""
    replaces: str = ""
    maker: str = ""

    def content(self, party: str, name: str) -> Json:
        """What the second person is shown, and signs."""
        return {
            "party": party,
            "party_name": name,
            "account_name": self.account_name,
            "bank": self.bank,
            "account_number": self.number,
            "cnaps": self.cnaps,
            "replaces": self.replaces or None,
        }


def load_proposed(reader: Reader, parties: Collection[str]) -> Mapping[str, ProposedAccount]:
    """For every code, known or not, so that a first proposal is locked the same way."""
    rows = reader.rows(
        "SELECT DISTINCT ON (party) party, version, account_name, bank, number, cnaps, replaces, maker "
        "FROM payee_account_proposal WHERE book = %s AND party = ANY(%s) ORDER BY party, version DESC",
        reader.book,
        list(parties),
    )
    found = {party: ProposedAccount(*columns) for party, *columns in rows}
    return {party: found.get(party, ProposedAccount(0)) for party in parties}


def follow_proposed(_reader: Reader, parties: Collection[str]) -> Mapping[str, Keys]:
    return {party: PARTIES.keys(party) | PARTY_CHANGES.keys(party) for party in parties}


TABLES: tuple[type[EventRow], ...] = (PayeeAccountProposalTable,)
PROPOSED_ACCOUNTS = Aggregate[ProposedAccount](
    "payee-account", load_proposed, follow_proposed, what="收款账户/payee account"
)
"""By party, which is followed."""
