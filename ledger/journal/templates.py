"""Declared templates: nothing undeclared can be posted.  (pure)"""

from dataclasses import dataclass

from ledger.journal.accounts import AccountClass
from ledger.journal.entries import Entry, Transfer


@dataclass(frozen=True, slots=True)
class Flow:
    """One permitted movement: which class of account may be debited against which."""

    debit: AccountClass
    credit: AccountClass

    def carries(self, transfer: Transfer, *, reversal: bool) -> bool:
        debit, credit = (transfer.credit, transfer.debit) if reversal else (transfer.debit, transfer.credit)
        return debit.of is self.debit and credit.of is self.credit


@dataclass(frozen=True, slots=True)
class Template:
    """An event of the books: its name in both languages, its flows, and the parts that all its addresses share."""

    name: str
    name_zh: str
    name_en: str
    flows: tuple[Flow, ...]
    agree: frozenset[str] = frozenset()
    """Parts of addresses that must be one and the same wherever they occur in the entry, e.g. `voucher`."""
    agree_each: frozenset[str] = frozenset()
    """Parts that must be one and the same on both sides of each transfer, where an entry has many of them."""


class Undeclared(ValueError):
    """A posting that no template declares: a bug of ours, never an answer to a caller."""


class Templates:
    """Every template of the house, by name."""

    def __init__(self, *groups: tuple[Template, ...]) -> None:
        templates = [template for group in groups for template in group]
        self.by_name = {template.name: template for template in templates}
        if len(self.by_name) != len(templates):
            raise ValueError("two templates share one name")

    def check(self, entry: Entry) -> None:
        """Refuse an entry that its template does not declare.

        A reversal is checked against the flows of the same template, sides exchanged.
        """
        template = self.by_name.get(entry.template)
        if template is None:
            raise Undeclared(f"there is no template {entry.template}")
        shared: dict[str, str] = {}
        for transfer in entry.transfers:
            for part in template.agree_each:
                if transfer.debit.parts[part] != transfer.credit.parts[part]:
                    raise Undeclared(
                        f"{entry.template} mixes {part} {transfer.debit.parts[part]} with {transfer.credit.parts[part]}"
                    )
            if not any(flow.carries(transfer, reversal=entry.reverses is not None) for flow in template.flows):
                raise Undeclared(
                    f"{entry.template} does not move {transfer.credit.address} to {transfer.debit.address}"
                )
            for account in (transfer.debit, transfer.credit):
                for part in template.agree & account.parts.keys():
                    if shared.setdefault(part, account.parts[part]) != account.parts[part]:
                        raise Undeclared(f"{entry.template} mixes {part} {shared[part]} with {account.parts[part]}")
