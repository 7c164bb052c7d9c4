"""What one unit holds of firms, at cost and at the last valuation, frozen as the books stood at a block."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.equity.listing import Holding, holdings_page
from ledger.executor.reading import Reader
from ledger.journal.verify_receipt import canonical
from ledger.registry.store import PARTIES
from ledger.reports.subsidy_files import plain_yuan
from ledger.reports.tables import Rows
from policies.kernel.rounding import ratio_text

HOLDINGS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class HoldingsStatement:
    """Everything that is printed."""

    unit: str
    unit_name: str
    firm_names: Mapping[str, str]
    as_of: date
    block: int
    """Last block that it rests on."""
    holdings: tuple[Holding, ...]
    gone: tuple[Holding, ...]
    """Holdings of which nothing is left."""

    @property
    def document_number(self) -> str:
        return f"EQ-{self.unit}-{self.as_of:%Y%m%d}-{self.block}"

    @property
    def hash(self) -> str:
        """SHA-256 over what it shows, 64 hex digits."""
        rows = [
            [
                one.firm,
                one.held_fen,
                one.pending_fen,
                one.registered_fen,
                ratio_text(one.share),
                one.cost_fen,
                one.to_dispose_fen,
                one.value_fen,
                one.dividends_due_fen,
            ]
            for one in (*self.holdings, *self.gone)
        ]
        return hashlib.sha256(canonical([self.unit, self.as_of.isoformat(), self.block, rows])).hexdigest()

    @property
    def cost_fen(self) -> int:
        return sum(one.cost_fen for one in self.holdings)

    @property
    def value_fen(self) -> int:
        """Of those that were ever valued."""
        return sum(one.value_fen or 0 for one in self.holdings)


def holdings_statement(reader: Reader, unit: str, as_of: date) -> HoldingsStatement:
    """As the reader may see it, in its own snapshot."""
    found = holdings_page(reader, ("", ""), HOLDINGS_MAX, unit=unit)
    names = {code: party.name for code, party in PARTIES.load(reader, {unit, *(one.firm for one in found)}).items()}
    ((block,),) = reader.rows("SELECT last_block FROM book WHERE id = %s", reader.book)
    return HoldingsStatement(
        unit=unit,
        unit_name=names.get(unit, unit),
        firm_names=names,
        as_of=as_of,
        block=block,
        holdings=tuple(one for one in found if _stands(one)),
        gone=tuple(one for one in found if not _stands(one)),
    )


COLUMNS = (
    "持有单位",
    "企业",
    "持有注册资本（元）",
    "待登记（元）",
    "企业注册资本（元）",
    "持股比例",
    "账面成本（元）",
    "账面成本（分）",
    "待处理（元）",
    "最近估值（元）",
    "估值日期",
    "估值依据",
    "应收股利（元）",
)


def holding_rows(holdings: Sequence[Holding]) -> Rows:
    """One line a holding, under a line of names."""
    return [
        COLUMNS,
        *(
            (
                one.unit,
                one.firm,
                plain_yuan(one.held_fen),
                plain_yuan(one.pending_fen),
                plain_yuan(one.registered_fen),
                ratio_text(one.share),
                plain_yuan(one.cost_fen),
                one.cost_fen,
                plain_yuan(one.to_dispose_fen),
                "" if one.value_fen is None else plain_yuan(one.value_fen),
                one.valuation.on.isoformat() if one.valuation else "",
                one.valuation.document_number if one.valuation else "",
                plain_yuan(one.dividends_due_fen),
            )
            for one in holdings
        ),
    ]


def _stands(one: Holding) -> bool:
    return any((one.held_fen, one.pending_fen, one.cost_fen, one.to_dispose_fen, one.dividends_due_fen))
