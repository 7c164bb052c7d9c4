"""What a client may be allowed to do. One line per scope; each is used by a route (a test looks)."""

from collections.abc import Collection, Mapping

from ledger.errors import Invalid
from ledger.registry.text import shown
from policies.kernel.words import Words

SCOPES: Mapping[str, Words] = {
    "bank.read": Words("查看银行对账单", "see bank statements"),
    "bank.write": Words("导入银行对账单、核对明细", "take in bank statements, match their lines"),
    "bills.read": Words("查看账单", "see bills"),
    "bills.write": Words("开具账单、登记收款、提出争议", "issue bills, record what was paid, contest them"),
    "books.read": Words("查看账户、凭证、收据和区块", "see accounts, entries, receipts and blocks"),
    "changes.read": Words("查看变动和通知地址", "see what has changed, and the addresses it is sent to"),
    "webhooks.write": Words("登记、停用、恢复通知地址", "say where changes are sent"),
    "calendar.read": Words("查看补录的工作日", "see working days that were entered"),
    "calendar.write": Words("录入工作日通知", "enter notices of working days"),
    "instruments.read": Words("查看仪器及其价格", "see instruments and their prices"),
    "instruments.write": Words("登记仪器、制定价格", "register instruments, set prices"),
    "organisations.read": Words("查看单位和团队", "see organisations and teams"),
    "organisations.write": Words("登记单位、申报资料", "register organisations, declare about them"),
    "people.read": Words("查看本单位办事人员", "see your organisation's people"),
    "people.write": Words("登记办事人员、授予职责和委托", "register people, give roles and mandates"),
    "clients.read": Words("查看本单位的接口客户端", "see your party's API clients"),
    "clients.write": Words("设立、更换凭据和停用接口客户端", "register, rotate and revoke API clients"),
    "uses.read": Words("查看仪器使用记录", "see the use of instruments"),
    "uses.write": Words("登记仪器使用", "record the use of instruments"),
    "applications.read": Words("查看申领", "see applications"),
    "applications.write": Words("申领、审核申领", "apply for vouchers, decide applications"),
    "approvals.read": Words("查看待审批事项及其全部内容", "see what waits for a signature, with all its content"),
    "approvals.write": Words("审批、驳回、申明利害关系", "approve, reject, declare an interest"),
    "budgets.read": Words("查看指标文件和预算", "see budget letters and budgets"),
    "budgets.write": Words("录入指标文件", "propose budget letters"),
    "claims.read": Words("查看兑付申请", "see claims"),
    "claims.write": Words("申请兑付、审核兑付申请", "file claims, review claims"),
    "customs.read": Words(
        "查看监管仪器及其使用、海关同意和或有税款", "see supervised instruments, their use, consents, tax at risk"
    ),
    "customs.write": Words(
        "登记减免税货物、申请和决定海关同意、决定或有税款",
        "record duty-free goods, ask for and decide consents, decide exposures",
    ),
    "equity.read": Words("查看服务费转股协议、转股和持股", "see agreements, conversions and holdings of equity"),
    "equity.write": Words(
        "办理服务费转股协议、转股、股利、退出和核销", "deal with agreements, conversions, dividends, exits, write-downs"
    ),
    "evaluations.read": Words("查看评价考核、等次和整改", "see rounds of evaluation, grades, rectifications"),
    "evaluations.write": Words(
        "评分、提出异议、提出等次、办理整改", "score units, object to scores, propose grades, deal with rectifications"
    ),
    "payments.read": Words("查看应付事项和支付批次", "see what is owed, and payment batches"),
    "payments.write": Words("编制支付批次、登记银行付款", "compose payment batches, record what the bank did"),
    "decisions.read": Words("查看对创新券及其持有人的提议", "see what was proposed about vouchers and their holders"),
    "decisions.write": Words(
        "提议延期、撤销、退款、追缴、标记", "propose extensions, revocations, refunds, claw-backs, flags"
    ),
    "obligations.read": Words("查看应追回款项", "see what is owed back"),
    "obligations.write": Words(
        "登记收款、抵扣、核销、加收、上缴", "record receipts, offsets, write-offs, interest, remittances"
    ),
    "subsidies.read": Words("查看补贴批次和补贴额", "see subsidies and their awards"),
    "subsidies.write": Words(
        "计算、审核、撤回补贴，登记异议", "compute, review and take back subsidies, record objections"
    ),
    "vouchers.read": Words("查看创新券及其合同", "see vouchers and their contracts"),
    "vouchers.write": Words("用券：预留、验收、取消预留；办理到期", "use vouchers, end what is over"),
}


class ScopeUnknown(Invalid):
    zh = "没有权限范围“{scope}”。现有：{known}。"
    en = "There is no scope “{scope}”. There are: {known}."


def known_scopes(scopes: Collection[str]) -> tuple[str, ...]:
    """The scopes, each of which there is."""
    for scope in scopes:
        if scope not in SCOPES:
            raise ScopeUnknown(scope=shown(scope), known=", ".join(SCOPES))
    return tuple(scopes)
