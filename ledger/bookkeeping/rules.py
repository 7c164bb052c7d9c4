"""What the keeper of the books may not do.  (pure)"""

from ledger.errors import Refused


class BookAlreadyOpen(Refused):
    zh = "账簿已于此前启用，不能重复启用。"
    en = "These books are open already."


class PeriodExists(Refused):
    zh = "会计期间 {period} 已存在。"
    en = "Period {period} exists already."


class PeriodOverlaps(Refused):
    zh = "{starts_on} 至 {ends_on} 与会计期间 {other} 重叠。请改用不重叠的日期。"
    en = "{starts_on} to {ends_on} overlaps period {other}. Choose dates that do not."


class PeriodBeforeClosed(Refused):
    zh = "{starts_on} 早于已结账的会计期间 {closed}，不能再建立：已结账的余额不得改变。请改用其后的日期。"
    en = (
        "{starts_on} lies before period {closed}, which is closed, and what was filed must stand. "
        "Choose dates after it."
    )


class PeriodBackwards(Refused):
    zh = "期间的结束日 {ends_on} 早于开始日 {starts_on}。"
    en = "The period would end on {ends_on}, before it starts on {starts_on}."


class PeriodStepOutOfOrder(Refused):
    zh = "会计期间 {period} 当前为“{status}”，不能转为“{wanted}”。状态只能依次为 open、adjusting、closed。"
    en = "Period {period} is {status} and cannot become {wanted}. The order is open, adjusting, closed, one way."


class EarlierPeriodOpen(Refused):
    zh = "会计期间 {earlier} 尚未结账，不能先结 {period}。请先将 {earlier} 结账。"
    en = "Period {earlier} is not closed yet, and {period} carries on from it. Close {earlier} first."


class PeriodNotOver(Refused):
    zh = "会计期间 {period} 到 {ends_on} 才结束，今天是 {today}，不能结账。"
    en = "Period {period} ends on {ends_on}, and today is {today}: it cannot be closed before it is over."


class TwoSignaturesNeeded(Refused):
    zh = "结账需要两个人签字，{person} 不能签两次。"
    en = "Closing takes the signatures of two people; {person} cannot sign twice."


class UnfinishedWork(Refused):
    zh = "会计期间 {period} 还有未完成的工作，不能结账：{work}。请先办结，已到期的请先做到期处理。"
    en = (
        "Period {period} has unfinished work and cannot be closed: {work}. "
        "Finish it first, and post the expiry of what has run out."
    )


class OutOfBalance(Refused):
    zh = "试算不平：{entity} 的 {asset} 借贷相差 {difference}。请先运行 vledger verify。"
    en = "The trial balance of {entity} in {asset} is out by {difference}. Run vledger verify first."


class OverdrawnAtPeriodEnd(Refused):
    zh = "会计期间 {period} 期末，账户 {address} 余额为负 {missing}：补记的凭证动用了其后才到的金额。请先冲销或更正。"
    en = (
        "At the end of period {period} account {address} is {missing} below nothing: an entry dated earlier took what "
        "came later. Reverse or correct it first."
    )


class AlreadyReversed(Refused):
    zh = "第 {seq} 号凭证已由第 {by} 号凭证冲销。"
    en = "Entry {seq} has been reversed by entry {by}."


class ReversalBeforeOriginal(Refused):
    zh = "冲销日期 {effective_on} 早于第 {seq} 号凭证的日期 {original}。请用原凭证当日或之后的日期。"
    en = "The reversal is dated {effective_on}, before entry {seq} itself ({original}). Date it on that day or after."


class SecondPersonNeeded(Refused):
    zh = "更正须由另一人确认，{person} 不能自己确认。"
    en = "A correction takes a second person; {person} cannot confirm it alone."


class ReasonMissing(Refused):
    zh = "请说明理由。"
    en = "Give a reason."


class ReversalOfReversal(Refused):
    zh = "第 {seq} 号凭证本身是冲销凭证，不能再冲销。请另记一张新凭证。"
    en = "Entry {seq} is itself a reversal. Post a new entry instead."


class AccountNotEmpty(Refused):
    zh = "账户 {address} 余额为 {balance}，不能关闭。"
    en = "Account {address} still holds {balance} and cannot be closed."
