"""What is refused about fees that become shares.  (pure)"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from ledger.amounts import AMOUNT_MAX, is_whole, yuan
from ledger.equity.values import (
    ENDED,
    Agreement,
    AgreementState,
    Company,
    Conversion,
    ConversionState,
    CountedUse,
    Supply,
)
from ledger.errors import Invalid, Refused
from ledger.executor.clock import CITY
from ledger.executor.commands import State
from ledger.fees.values import Bill, BillLine, Use
from ledger.registry.rules import require_party
from ledger.registry.supervision import SUPERVISED_DAYS, SupervisedDays, supervised_between
from ledger.registry.text import shown
from ledger.registry.values import CertificateKind, ChargeUnit, Party, PartyKind, Tariff, UserClass
from policies.equity.terms import EquityTerms

SHARE = re.compile(r"0\.[0-9]{1,6}")
NAMED_MAX = 200
"""Most instruments of one agreement."""


class ShareUnreadable(Invalid):
    zh = "持股比例上限“{value}”应为大于 0、小于 1 的小数文字，例如 0.1。"
    en = "The largest share “{value}” should be decimal text above 0 and below 1, such as 0.1."


class ShareGivesControl(Refused):
    zh = "持股比例上限 {share_max} 达到控股（{below}）。转股不得取得控制权，请降低上限。"
    en = "A largest share of {share_max} reaches control ({below}). No conversion may give that; agree on less."


class AmountUnreadable(Invalid):
    zh = "{what}“{value}”应为不小于 {least} 的整数（单位：分）。"
    en = "The amount {what} “{value}” should be a whole number of fen, at least {least}."


class NoInstrumentNamed(Invalid):
    zh = "协议应列明 1 至 {most} 台仪器。"
    en = "An agreement names 1 to {most} instruments."


class InstrumentNamedTwice(Invalid):
    zh = "仪器 {instrument} 在协议中出现两次。请合并为一行。"
    en = "Instrument {instrument} stands in the agreement twice. Put it in one line."


class InstrumentNotTheUnits(Refused):
    zh = "仪器 {instrument} 属于 {owner}，不是协议单位 {unit} 的。请核对。"
    en = "Instrument {instrument} belongs to {owner} and not to {unit}, whose agreement this is. Check it."


class NotMunicipalUniversity(Refused):
    zh = "{unit} 在 {on} 没有“市属高校”的登记证明，不能签订服务费转股协议。请由计划管理员先登记证明。"
    en = (
        "On {on} nothing on record says that {unit} is a municipal university, and only one may agree to take shares "
        "for fees. Have an operator record the paper first."
    )


class UnderSupervision(Refused):
    zh = (
        "仪器 {instrument} 自 {since} 起受海关监管，至 {until} 止，不能用于服务费转股（{what}）。"
        "监管结束后的使用可以计入。"
    )
    en = (
        "Instrument {instrument} is under customs supervision from {since} until {until}: no fee for it becomes a "
        "share ({what}). Use after that may count."
    )


class FirmNotFit(Refused):
    zh = "{firm} 自 {since} 起被登记为不得办理（{reason}），不能转股。"
    en = "{firm} is on record since {since} as one for which nothing new is done ({reason}); nothing converts."


class AgreementNotSo(Refused):
    zh = "协议 {agreement} 的状态为“{state}”，不能{wanted_zh}。"
    en = "Agreement {agreement} is {state}; it cannot be {wanted}."


class ConversionNotSo(Refused):
    zh = "转股 {conversion} 的状态为“{state}”，不能{wanted_zh}。"
    en = "Conversion {conversion} is {state}; it cannot be {wanted}."


class AgreementNeverValid(Refused):
    zh = "协议自 {valid_from} 起、至 {valid_until} 止，没有有效的一日。请核对日期。"
    en = "The agreement holds from {valid_from} to {valid_until}: not for a day. Check the dates."


class PaperFromFuture(Refused):
    zh = "{what_zh} {day} 晚于今天（{today}）。请在其发生之后登记。"
    en = "The {what} on {day} is later than today ({today}). Record it when it has happened."


class BillOfOthers(Refused):
    zh = "账单 {bill} 不是 {firm} 欠 {unit} 的，不能计入协议 {agreement}。"
    en = "Bill {bill} is not what {firm} owes {unit}; it does not count under agreement {agreement}."


class BillDisputed(Refused):
    zh = "账单 {bill} 有争议，未了结前不能计入或转股。"
    en = "Bill {bill} is contested; nothing of it counts or converts before that is settled."


class BillNotConfirmed(Refused):
    zh = "账单 {bill} 属于创新券合同 {contract}，尚未验收（或创新券部分已收回）。验收后，创新券不承担的部分可以计入。"
    en = (
        "Bill {bill} is of voucher contract {contract} and not accepted yet, or its voucher was taken back. Once it is "
        "accepted, what the voucher does not bear may count."
    )


class BillCountedAlready(Refused):
    zh = "账单 {bill} 已计入协议 {agreement}。"
    en = "Bill {bill} counts under agreement {agreement} already."


class BillNotCounted(Refused):
    zh = "账单 {bill} 没有计入协议 {agreement}。请先由企业确认计入。"
    en = "Bill {bill} does not count under agreement {agreement}. Have the firm confirm it first."


class NothingOfAgreement(Refused):
    zh = "账单 {bill} 没有协议 {agreement} 所列仪器的使用费。"
    en = "Bill {bill} charges for no use of an instrument that agreement {agreement} names."


class NothingToConvert(Refused):
    zh = "没有可以转股的金额：账单已付、由创新券承担、已转股，或只剩须付现金的增值税；也可能已达持股上限。"
    en = (
        "Nothing is left that may convert: the bills are paid, borne by vouchers or converted, or only VAT is left "
        "that is paid in cash, or the largest share is reached."
    )


class UseTakenBack(Refused):
    zh = "使用记录 {use} 在计入协议之后已被冲销，所属账单不能转股。请先退出该账单，或以红字发票更正。"
    en = "The use {use} was taken back after it was counted; its bill does not convert. Release the bill, or credit it."


class UseOutsideAgreement(Refused):
    zh = "使用记录 {use}（{first_on} 至 {last_on}）不在协议生效期间（{valid_from} 至 {valid_until}）之内。"
    en = "The use {use} ({first_on} to {last_on}) is not in the time of the agreement, {valid_from} to {valid_until}."


class RateNotOfSupply(Refused):
    zh = "账单 {bill} 的增值税税率为 {vat_rate}，协议的“{supply}”适用 {rates}。请核对发票或协议。"
    en = "Bill {bill} has VAT of {vat_rate}, and for a {supply} it is {rates}. Check the invoice or the agreement."


class PriceNotPublished(Refused):
    zh = (
        "使用记录 {use} 按 {price} 元计价，{on} 公布的对外价格没有这一价格（{published}）。"
        "只有按公布价格计的费用可以转股。"
    )
    en = (
        "The use {use} is charged at {price} yuan, which was no published price for outsiders on {on} ({published}). "
        "Only a fee at the published price converts."
    )


class MoreHoursThanUsed(Refused):
    zh = "使用记录 {use} 为 {minutes} 分钟，至多计 {hours} 小时，账单收取 {quantity} 小时。请核对账单。"
    en = "The use {use} took {minutes} minutes, {hours} hours as begun, and the bill charges {quantity}. Check it."


class OwnNeedFirst(Refused):
    zh = (
        "仪器 {instrument} 在协议下对外开放 {minutes_max} 分钟，已计入 {counted} 分钟，再计入 {minutes} 分钟超出。"
        "教学科研优先。"
    )
    en = (
        "Instrument {instrument} is open for {minutes_max} minutes under the agreement, {counted} are counted, and "
        "{minutes} more are too many. The unit's own teaching and research come first."
    )


class AppraisalExpired(Refused):
    zh = "评估报告 {report} 的有效期至 {valid_until} 止（今天 {today}）。请重新评估。"
    en = "Appraisal {report} was good until {valid_until}, and today is {today}. Have it done anew."


class CapitalUnknown(Refused):
    zh = "账上没有 {firm} 的注册资本。请先登记。"
    en = "The books know no registered capital of {firm}. Record it first."


class CapitalDiffers(Refused):
    zh = "账上 {firm} 的注册资本为 {known} 元，决议所载为 {stated} 元。请先登记变更，或核对决议。"
    en = (
        "The books know a registered capital of {known} yuan of {firm}, and the resolution says {stated}. Record the "
        "change first, or check the resolution."
    )


class NotSoMuchHeld(Refused):
    zh = "{unit} 持有 {firm} 注册资本 {held} 元，不能处置 {sold} 元。"
    en = "{unit} holds {held} yuan of registered capital of {firm}; {sold} yuan cannot go."


class NotSoMuchCost(Refused):
    zh = "{unit} 对 {firm} 的投资账面成本为 {cost} 元，不能核销 {amount} 元。"
    en = "The investment of {unit} in {firm} stands at {cost} yuan; {amount} yuan cannot be written down."


def checked_share(value: object, terms: EquityTerms) -> str:
    """The largest share of an agreement, as decimal text; below what gives control."""
    if not isinstance(value, str) or not SHARE.fullmatch(value) or not Fraction(value):
        raise ShareUnreadable(value=shown(value))
    if Fraction(value) >= terms.share_below:
        raise ShareGivesControl(share_max=value, below=float_free(terms.share_below))
    return value


def float_free(ratio: Fraction) -> str:
    """A ratio as people write it: 1/2."""
    return f"{ratio.numerator}/{ratio.denominator}"


def checked_fen(value: object, what: str, least: int = 0) -> int:
    if not is_whole(value) or not least <= value <= AMOUNT_MAX:
        raise AmountUnreadable(what=what, value=shown(value), least=least)
    return value


def require_university(state: State, unit: str, on: date) -> Party:
    """A unit that is a municipal university on a day, by what an operator has recorded of it (guard G1)."""
    party = require_party(state, unit, PartyKind.UNIT)
    if party.certificate_on(CertificateKind.MUNICIPAL_UNIVERSITY, on) is None:
        raise NotMunicipalUniversity(unit=unit, on=on)
    return party


def require_fit_firm(state: State, firm: str, on: date) -> Party:
    """A firm that is not cancelled, and of which nothing on record forbids new business (guard G11)."""
    party = require_party(state, firm, PartyKind.FIRM)
    if flag := party.flag_on(on):
        raise FirmNotFit(firm=firm, since=flag.since, reason=flag.reason)
    return party


def check_unsupervised(state: State, instrument: str, first_on: date, last_on: date, what: str) -> None:
    """No day of the stretch is one of customs' supervision (guard G2)."""
    spans: tuple[SupervisedDays, ...] = state.one(SUPERVISED_DAYS, instrument)
    if span := supervised_between(spans, first_on, last_on):
        raise UnderSupervision(instrument=instrument, since=span.since, until=span.until, what=what)


def check_counted(state: State, uses: Iterable[CountedUse]) -> None:
    """Supervision may have been recorded after a use was counted, or its record reversed."""
    for use in uses:
        if use.taken_back:
            raise UseTakenBack(use=use.use)
        check_unsupervised(state, use.instrument, use.first_on, use.last_on, use.use)


def check_bill(bill: Bill, agreement: Agreement) -> None:
    """What the firm of the agreement owes its unit, confirmed and not contested (guard G5)."""
    if (bill.unit, bill.payer) != (agreement.unit, agreement.firm):
        raise BillOfOthers(bill=bill.number, firm=agreement.firm, unit=agreement.unit, agreement=agreement.number)
    if bill.disputed:
        raise BillDisputed(bill=bill.number)
    if bill.contract and not bill.voucher_fen:
        raise BillNotConfirmed(bill=bill.number, contract=bill.contract)


def check_rate(bill: Bill, supply: Supply, rates: Sequence[str]) -> None:
    """A service is not taxed as a lease, nor a lease as a service."""
    if bill.vat_rate not in rates:
        raise RateNotOfSupply(bill=bill.number, vat_rate=bill.vat_rate, supply=supply, rates=", ".join(rates))


def counted_uses(bill: Bill, agreement: Agreement, uses: Mapping[str, Use]) -> tuple[CountedUse, ...]:
    """The uses that a bill charges and the agreement names the instrument of.

    Raises:
        UseOutsideAgreement: one of them lies before both have signed, or outside the agreement's time.
    """
    since = max(agreement.valid_from, agreement.signed_on or date.max)
    found = []
    for line in bill.lines:
        use = uses.get(line.use or "")
        if use is None or agreement.named_as(use.instrument) is None:
            continue
        first_on, last_on = day_of(use.started_at), day_of(use.ended_at, end=True)
        if first_on < since or last_on > agreement.valid_until:
            raise UseOutsideAgreement(
                use=use.number,
                first_on=first_on,
                last_on=last_on,
                valid_from=since,
                valid_until=agreement.valid_until,
            )
        found.append(CountedUse(use.number, use.instrument, use.minutes, first_on, last_on, line.amount_fen))
    return tuple(found)


def day_of(instant: datetime, *, end: bool = False) -> date:
    """The day in the city; a use that ends at midnight does not touch the day that begins."""
    local = instant.astimezone(CITY)
    return (local - local.resolution).date() if end else local.date()


def check_price(use: CountedUse, line: BillLine, tariff: Tariff) -> None:
    """A price that was published for outsiders on the day, and by the hour no more hours than were begun (guard G4)."""
    published = {
        (unit, price)
        for unit in ChargeUnit
        for users in (UserClass.EXTERNAL, UserClass.SMALL)
        if (price := tariff.price_fen(unit, users, use.first_on)) is not None
    }
    units = {unit for unit, price in published if price == line.price_fen}
    if not units:
        prices = "、".join(yuan(price) for _, price in sorted(published)) or "—"
        raise PriceNotPublished(use=use.use, price=yuan(line.price_fen), on=use.first_on, published=prices)
    hours = -(-use.minutes // 60)
    if units == {ChargeUnit.HOUR} and line.quantity > hours:
        raise MoreHoursThanUsed(use=use.use, quantity=line.quantity, minutes=use.minutes, hours=hours)


def check_own_need(agreement: Agreement, uses: Iterable[CountedUse]) -> None:
    """No more machine time converts than is open once the unit's own need is met (guard G3)."""
    counted = {named.instrument: 0 for named in agreement.named}
    for accrual in agreement.accruals:
        for use in accrual.uses:
            counted[use.instrument] += use.minutes
    for use in uses:
        named = agreement.named_as(use.instrument)
        assert named is not None  # it is counted because it is named
        if counted[use.instrument] + use.minutes > named.minutes_max:
            raise OwnNeedFirst(
                instrument=use.instrument,
                minutes_max=named.minutes_max,
                counted=counted[use.instrument],
                minutes=use.minutes,
            )
        counted[use.instrument] += use.minutes


def check_in_force(agreement: Agreement, wanted_zh: str, wanted: str) -> None:
    if not agreement.in_force:
        raise AgreementNotSo(agreement=agreement.number, state=agreement.state, wanted_zh=wanted_zh, wanted=wanted)


def check_state(agreement: Agreement, allowed: Iterable[AgreementState], wanted_zh: str, wanted: str) -> None:
    if agreement.state not in set(allowed):
        raise AgreementNotSo(agreement=agreement.number, state=agreement.state, wanted_zh=wanted_zh, wanted=wanted)


def check_not_ended(agreement: Agreement, wanted_zh: str, wanted: str) -> None:
    check_state(agreement, set(AgreementState) - ENDED, wanted_zh, wanted)


def check_conversion(conversion: Conversion, allowed: Iterable[ConversionState], wanted_zh: str, wanted: str) -> None:
    if conversion.state not in set(allowed):
        raise ConversionNotSo(conversion=conversion.number, state=conversion.state, wanted_zh=wanted_zh, wanted=wanted)


def check_past(day: date, today: date, what_zh: str, what: str) -> date:
    if day > today:
        raise PaperFromFuture(what_zh=what_zh, what=what, day=day, today=today)
    return day


def check_known_capital(company: Company, stated_fen: int) -> None:
    """A resolution speaks of the registered capital that the books know."""
    if not company.steps:
        raise CapitalUnknown(firm=company.firm)
    if company.registered_fen != stated_fen:
        raise CapitalDiffers(firm=company.firm, known=yuan(company.registered_fen), stated=yuan(stated_fen))
