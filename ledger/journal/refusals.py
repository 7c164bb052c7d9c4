"""What the journal itself refuses.  (pure)"""

from ledger.errors import Refused


class NotEnough(Refused):
    zh = "{account_zh}（{address}）余额 {available}，需要 {needed}，不足。请减少金额，或先补充后再提交。"
    en = (
        "{account_en} ({address}) holds {available}, and {needed} is needed. "
        "Ask for less, or have it supplemented first."
    )


class TotalTooLarge(Refused):
    zh = "账户 {address} 的累计发生额将超过 {largest}，不能入账。请联系运维人员另开账户。"
    en = "The total of account {address} would exceed {largest}. Ask the operator to open a further account."


class AccountClosed(Refused):
    zh = "账户 {address} 已于 {closed_on} 关闭，不能再入账。"
    en = "Account {address} was closed on {closed_on}; nothing can be posted to it."


class AccountOfAnotherEntity(Refused):
    zh = "账户 {address} 属于 {entity}，不属于 {wanted}。"
    en = "Account {address} belongs to {entity}, not to {wanted}."


class NoPeriod(Refused):
    zh = "{effective_on} 不在任何已建立的会计期间内。请先建立该期间。"
    en = "{effective_on} lies in no period of these books. Open the period first."


class PeriodClosed(Refused):
    zh = "会计期间 {period} 状态为“{status}”，{effective_on} 的凭证不能入账。请在未结账期间以更正凭证处理。"
    en = "Period {period} is {status}; an entry of {effective_on} cannot be posted. Correct it in an open period."


class NotYet(Refused):
    zh = "凭证日期 {effective_on} 晚于今天（{today}）。请在当日或之后入账。"
    en = "The entry is dated {effective_on}, later than today ({today}). Post it on that day or after."


class BackdatingUnconfirmed(Refused):
    zh = "凭证日期为 {effective_on}，今天是 {today}。补记须说明理由，并由制单人以外的另一人确认。"
    en = (
        "The entry is dated {effective_on}, and today is {today}. "
        "Backdating needs a reason and a second person beside the one who enters it."
    )
