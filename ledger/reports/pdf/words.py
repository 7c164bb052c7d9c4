"""Amounts as paper says them.  (pure)"""

import cn2an

from ledger.amounts import yuan


def in_capitals(fen: int) -> str:
    """An amount in Chinese capitals (人民币大写), e.g. 壹拾贰元叁角肆分, so that no digit is added."""
    if fen < 0:
        raise ValueError(f"{fen}: an amount in capitals is not negative")
    return "零元整" if not fen else str(cn2an.an2cn(f"{fen // 100}.{fen % 100:02d}", "rmb"))


def both_ways(fen: int) -> str:
    """Figures, then capitals."""
    return f"¥{yuan(fen)}（{in_capitals(fen)}）"
