"""What is counted in the books, each in whole units.  (pure)"""

from dataclasses import dataclass
from enum import StrEnum


class AssetKind(StrEnum):
    MONEY = "money"
    """Fen of the currency, on the financial side of a party."""
    BUDGETARY_MONEY = "budgetary-money"
    """Fen on the budgetary side (平行记账): never meets financial accounts."""
    AUTHORITY = "authority"
    """Fen of budget authority."""
    ENTITLEMENT = "entitlement"
    """Fen of face value; never cash."""
    TIME = "time"
    """Minutes."""
    SHARE = "share"
    """Fen of the registered capital of one firm."""
    EXPOSURE = "exposure"
    """Fen of tax that may fall due."""


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset of the books; kind and scale never change once a book holds it."""

    code: str
    kind: AssetKind
    scale: int
    """Decimal places when shown: 2 for fen shown as yuan, 0 for minutes."""
    name_zh: str
    name_en: str

    @property
    def stays_within_one_entity(self) -> bool:
        """Money of two parties never meets in one transfer; each party's trial balance is zero by itself."""
        return self.kind in {AssetKind.MONEY, AssetKind.BUDGETARY_MONEY}


@dataclass(frozen=True, slots=True)
class AssetFamily:
    """Assets of one kind that differ in what they are of: the registered capital of one firm is not that of another.

    Each is declared in the books when it is first needed; `CAPITAL:<code of the firm>`.
    """

    prefix: str
    kind: AssetKind
    scale: int
    name_zh: str
    name_en: str
    part: str
    """The part of an address that says what it is of."""

    def of(self, word: str) -> Asset:
        """The one asset of this word."""
        return Asset(f"{self.prefix}:{word}", self.kind, self.scale, self.name_zh, self.name_en)


CNY = Asset("CNY", AssetKind.MONEY, 2, "人民币", "renminbi")
CNY_BUDGETARY = Asset("CNY_BUDGETARY", AssetKind.BUDGETARY_MONEY, 2, "人民币（预算会计）", "renminbi, budgetary side")
BUDGET = Asset("BUDGET", AssetKind.AUTHORITY, 2, "预算指标", "budget authority")
VOUCHER = Asset("VOUCHER", AssetKind.ENTITLEMENT, 2, "创新券面额", "voucher face value")
MINUTE = Asset("MINUTE", AssetKind.TIME, 0, "机时", "machine time")
CONSENT_MINUTE = Asset("CONSENT_MINUTE", AssetKind.TIME, 0, "海关同意的机时", "machine time that customs consented to")
IMPORT_TAX_AT_RISK = Asset("IMPORT_TAX_AT_RISK", AssetKind.EXPOSURE, 2, "或有进口税款", "import tax at risk")
CAPITAL = AssetFamily("CAPITAL", AssetKind.SHARE, 2, "注册资本", "registered capital", "firm")

ASSETS = (CNY, CNY_BUDGETARY, BUDGET, VOUCHER, MINUTE, CONSENT_MINUTE, IMPORT_TAX_AT_RISK)
"""Those of every book from its first day."""
