"""What customs takes home: goods, uses and tax at risk as CSV or a workbook, with what they are said to be."""

from collections.abc import Sequence
from datetime import datetime

from ledger.customs.listing import Usage
from ledger.customs.values import ESTIMATED, Exposure, Item
from ledger.executor.clock import CITY
from ledger.reports.subsidy_files import plain_yuan
from ledger.reports.tables import Rows

USES = (
    "使用记录",
    "仪器",
    "管理单位",
    "关区",
    "用户",
    "用途类别",
    "使用地点",
    "开始（北京时间）",
    "结束（北京时间）",
    "机时（分钟）",
    "是否在许可范围",
    "超出原因",
    "海关同意",
    "或有税款",
    "收费（元）",
    "收费（分）",
    "是否用券",
    "凭据摘要（SHA-256）",
)
ITEMS = (
    "编号",
    "管理单位",
    "征免税证明编号",
    "报关单号",
    "项号",
    "商品编码",
    "免税政策",
    "仪器",
    "计税价格（元）",
    "计税价格（分）",
    "关税税率",
    "增值税税率",
    "消费税税率",
    "放行日期",
    "监管年限",
    "监管期满",
    "关区",
    "使用地点",
    "提前结束",
)
EXPOSURES = (
    "编号",
    "使用记录",
    "仪器",
    "管理单位",
    "关区",
    "原因",
    "自",
    "至",
    "税率日",
    "状态",
    "是否估算",
    "关税（分）",
    "增值税（分）",
    "消费税（分）",
    "合计（元）",
)


def use_rows(uses: Sequence[Usage]) -> Rows:
    """One line a use, under a line of names."""
    return [
        USES,
        *(
            (
                one.number,
                one.instrument,
                one.unit,
                one.district,
                one.user,
                one.purpose_class or "",
                one.place or "",
                _local(one.started_at),
                _local(one.ended_at),
                one.minutes,
                "是" if one.in_scope else "否",
                "、".join(one.reasons),
                one.consent or "",
                one.exposure or "",
                plain_yuan(one.fee_fen),
                one.fee_fen,
                "是" if one.voucher else "否",
                one.evidence_hash,
            )
            for one in uses
        ),
    ]


def item_rows(items: Sequence[Item]) -> Rows:
    """One line for each instrument of an item."""
    return [
        ITEMS,
        *(
            (
                one.number,
                one.unit,
                one.certificate_number,
                one.declaration_number,
                one.line,
                one.hs_code,
                one.policy_document,
                share.instrument,
                plain_yuan(share.value_fen),
                share.value_fen,
                one.duty_rate,
                one.vat_rate,
                one.consumption_rate,
                one.released_on.isoformat(),
                one.supervision_years,
                one.supervised_until.isoformat(),
                one.district,
                one.place,
                f"{one.ended_on.isoformat()} {one.outcome or ''}" if one.ended_on else "",
            )
            for one in items
            for share in one.shares
        ),
    ]


def exposure_rows(exposures: Sequence[Exposure]) -> Rows:
    """One line an exposure; an estimate says so."""
    return [
        EXPOSURES,
        *(
            (
                one.number,
                one.use,
                one.instrument,
                one.unit,
                one.district,
                "、".join(one.reasons),
                one.first_on.isoformat(),
                one.last_on.isoformat(),
                one.rate_on.isoformat(),
                one.state.value,
                "是" if one.state in ESTIMATED else "否",
                one.standing.duty_fen,
                one.standing.vat_fen,
                one.standing.consumption_fen,
                plain_yuan(one.standing.total_fen),
            )
            for one in exposures
        ),
    ]


def _local(instant: datetime) -> str:
    return instant.astimezone(CITY).strftime("%Y-%m-%d %H:%M:%S")
