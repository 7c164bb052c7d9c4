"""What the demo prints: published beside computed, one voucher's life, one derivation, balances, budget, verdict."""

from pathlib import Path

from sqlalchemy import Connection

from api.cli.options import in_language, language
from api.cli.tables import print_table, units
from api.cli.trial_balance import print_trial_balance
from api.cli.verify import sentences
from ledger.amounts import yuan
from ledger.assembly import BOOK, house
from ledger.demo import names
from ledger.demo.jinyun import SCHEME, YEAR
from ledger.journal.balances import TrialLine, summed, trial_balance
from ledger.journal.verify import Verification
from ledger.reports.budget import budget_standing
from ledger.reports.derivations import calculation_of
from ledger.reports.programme import ProgrammeTotals
from ledger.reports.voucher_life import LifeEntry, liveliest_voucher, voucher_life
from policies.kernel.derivation import rendered
from policies.vouchers.published import PublishedTotals

_FIGURES = (
    ("issued_fen", "发放（元）", "issued (yuan)"),
    ("used_fen", "使用（验收，元）", "used: accepted (yuan)"),
    ("redeemed_fen", "兑付（元）", "redeemed (yuan)"),
    ("carriers", "服务机构（家）", "carriers"),
    ("firms", "企业（家）", "firms"),
    ("projects", "项目（个）", "projects"),
)

_BUCKETS = {
    "appropriated": ("下达", "appropriated"),
    "available": ("可用", "available"),
    "committed": ("已发券占用", "committed to vouchers"),
    "obligated": ("已批准待支付", "approved, not yet paid"),
    "expended": ("已支出", "expended"),
    "lapsed": ("已失效", "lapsed"),
}


def show(
    connection: Connection,
    published: PublishedTotals,
    computed: ProgrammeTotals,
    verified: Verification,
    data: Path,
) -> None:
    _totals(published, computed)
    voucher = liveliest_voucher(connection, BOOK, SCHEME, YEAR)
    if voucher:
        life = voucher_life(connection, BOOK, voucher, house().templates.by_name)
        _life(voucher, life)
        _derivation(connection, life)
    _heading("试算平衡（按主体与资产）", "Trial balance per entity and asset")
    print_trial_balance(_folded(summed(trial_balance(connection, BOOK))))
    _budget(connection)
    _heading("核对", "Verify")
    print("\n".join(sentences(verified)))
    _next(voucher, data)


def _heading(zh: str, en: str) -> None:
    print(f"\n== {in_language(zh=zh, en=en)} ==")


def _totals(published: PublishedTotals, computed: ProgrammeTotals) -> None:
    _heading(published.title.zh, published.title.en)
    headings = in_language(zh="项目|已公布|由账簿算得|相符", en="figure|published|computed from the books|agrees")
    rows = []
    for name, zh, en in _FIGURES:
        left, right = getattr(published, name), getattr(computed, name)
        show_as = yuan if name.endswith("_fen") else str
        agrees = in_language(zh="是", en="yes") if left == right else in_language(zh="否", en="NO")
        rows.append([in_language(zh=zh, en=en), show_as(left), show_as(right), agrees])
    print_table(headings.split("|"), rows, right=3)
    print(
        in_language(
            zh=f"出处：{published.cite.source}，{published.cite.article}。\n"
            "各项目金额未公布：由固定种子生成（合成数据）；办法亦为合成。",
            en=f"Source: {published.cite.source}, {published.cite.article}.\n"
            "Amounts by project are not public: they are generated from a fixed seed (synthetic), "
            "and so are the programme's rules.",
        )
    )


def _life(voucher: str, life: tuple[LifeEntry, ...]) -> None:
    _heading(f"创新券 {voucher} 的一生", f"The life of voucher {voucher}")
    for entry in life:
        name = in_language(zh=entry.name_zh, en=entry.name_en)
        print(f"{entry.effective_on}  {name}  #{entry.seq}  {entry.citation}".rstrip())
        for line in entry.lines:
            side = in_language(zh="借", en="Dr") if line.debit else in_language(zh="　贷", en="  Cr")
            amount = units(line.asset, line.debit or line.credit)
            print(f"    {side} {_account_name(line.address)}  {line.address}  {amount} {line.asset}")


def _account_name(address: str) -> str:
    of = house().chart.class_of(address)
    return in_language(zh=of.name_zh, en=of.name_en) if of else ""


def _derivation(connection: Connection, life: tuple[LifeEntry, ...]) -> None:
    for entry in life:
        calculation = calculation_of(connection, BOOK, entry.seq) if entry.template == "voucher.accept" else None
        if calculation:
            _heading(f"第 {entry.seq} 号凭证金额的推导", f"How the amount of entry {entry.seq} came about")
            print("\n".join(rendered(calculation.derivation, language())))
            if calculation.synthetic:
                print(in_language(zh="（合成政策：数字为虚构）", en="(synthetic policy: its figures are invented)"))
            return


def _folded(totals: list[TrialLine]) -> list[TrialLine]:
    """The many units in one line per asset, those of them that are in balance by themselves."""
    units_in_balance = [t for t in totals if t.entity.startswith(names.UNIT) and t.debits == t.credits]
    folded: dict[tuple[str, str], list[TrialLine]] = {}
    for total in units_in_balance:
        folded.setdefault((total.asset, total.side), []).append(total)
    together = [
        TrialLine(
            in_language(zh=f"{len(group)} 家机构，各自平衡", en=f"{len(group)} units, each in balance"),
            asset,
            side,
            "",
            sum(t.debits for t in group),
            sum(t.credits for t in group),
        )
        for (asset, side), group in folded.items()
    ]
    return [t for t in totals if t not in units_in_balance] + together


def _budget(connection: Connection) -> None:
    _heading("预算与使用", "Budget against used")
    standing = budget_standing(connection, BOOK, SCHEME, YEAR)
    rows = [[in_language(zh=_BUCKETS[b.bucket][0], en=_BUCKETS[b.bucket][1]), yuan(b.fen)] for b in standing]
    print_table(in_language(zh="预算指标|元", en="budget|yuan").split("|"), rows, right=1)


def _next(voucher: str | None, data: Path) -> None:
    _heading("接下来可以输入", "What to type next")
    option = f"--data {data}"
    for command in (
        f"vledger verify {option}",
        f"vledger account statement vouchers:available:{voucher} {option}",
        f"vledger trial-balance --on {YEAR}-06-30 {option}",
        f"vledger receipt 100 {option} > r.json && python3 ledger/journal/verify_receipt.py r.json {data}.anchors",
        "vledger calc --list",
    ):
        print(f"  .venv/bin/{command}")
