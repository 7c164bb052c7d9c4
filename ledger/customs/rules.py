"""What customs' goods ask of their papers, and whether a use is within what customs allows.  (pure)"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta

from ledger.customs.values import SCIENCE, Consent, Judgement, Reason, Route, Supervision, TimedUse
from ledger.errors import Invalid, Refused
from ledger.fees.values import Use
from ledger.registry.text import checked_name, shown
from policies.customs.days import days_touched

CERTIFICATE = re.compile(r"Z[0-9A-Z]{11}")
DECLARATION = re.compile(r"[0-9]{4}20[0-9]{2}[01][0-9]{9}")
HS_CODE = re.compile(r"[0-9]{10}")
DISTRICT = re.compile(r"[0-9]{4}")
LINE_MAX = 999
CAPACITY_MAX = 100
DIRECT = "00"
"""End of the code of a direct customs (直属海关), which all offices of its two digits belong to."""
NEAR = timedelta(days=1)


class CertificateUnreadable(Invalid):
    zh = "征免税证明编号“{value}”应为 12 位：以 Z 开头，后接 11 位数字或大写字母，例如 Z01011234567。"
    en = "The exemption certificate “{value}” should have 12 characters: Z and eleven digits or capital letters."


class DeclarationUnreadable(Invalid):
    zh = (
        "报关单号“{value}”应为 18 位数字：关区 4 位、年份 4 位（20xx）、进口为 1（出口为 0）、顺序号 9 位，"
        "例如 010120251000001234。"
    )
    en = (
        "The declaration “{value}” should have 18 digits: four of the customs district, four of the year (20xx), 1 for "
        "an import (0 for an export), nine of the serial, such as 010120251000001234."
    )


class DeclarationOfExport(Invalid):
    zh = "报关单号“{value}”第 9 位为 0，是出口报关单。减免税货物须填进口报关单号。"
    en = "The ninth digit of the declaration “{value}” is 0: that is an export. Give the number of the import."


class HsCodeUnreadable(Invalid):
    zh = "商品编码“{value}”应为 10 位数字（8 位税号加 2 位附加号），例如 9027809990。"
    en = "The HS code “{value}” should have ten digits (eight of the tariff and two national ones), such as 9027809990."


class DistrictUnreadable(Invalid):
    zh = "关区代码“{value}”应为 4 位数字，例如 0113（中关村海关）。"
    en = "The customs district “{value}” should have four digits, such as 0113 (Zhongguancun)."


class RateUnreadable(Invalid):
    zh = "税率“{value}”应为小数文字，不小于 0 且小于 1，例如 0.13。"
    en = "The rate “{value}” should be decimal text, at least 0 and less than 1, such as 0.13."


class LineUnreadable(Invalid):
    zh = "项号“{value}”应为 1 至 {largest} 的整数。"
    en = "The line of the declaration “{value}” should be a whole number from 1 to {largest}."


class CapacityUnreadable(Invalid):
    zh = "可同时使用数“{value}”应为 1 至 {largest} 的整数。"
    en = "The number of uses at once “{value}” should be a whole number from 1 to {largest}."


class CircumstancesMissing(Refused):
    zh = (
        "仪器 {instrument} 在海关监管期内（至 {until}）。请填写用途类别和使用地点后再登记使用："
        "海关据此判断是否在许可范围之内。"
    )
    en = (
        "Instrument {instrument} is under customs' supervision (until {until}). State the class of the purpose and the "
        "place, and record the use again: by them customs tells what is in scope."
    )


class UseBeforeRelease(Refused):
    zh = "使用开始于 {used_on}，早于仪器 {instrument} 的放行日期 {released_on}：放行前货物在海关。请核对时间。"
    en = (
        "The use begins on {used_on}, before instrument {instrument} was released on {released_on}: until then it was "
        "with customs. Check the time."
    )


class UsesOverlap(Refused):
    zh = "仪器 {instrument} 最多同时供 {capacity} 个使用，{started_at} 起的这次使用与 {others} 重叠。请核对时间和时长。"
    en = (
        "Instrument {instrument} serves at most {capacity} at once, and the use from {started_at} overlaps {others}. "
        "Check start and length."
    )


def checked_code(value: object, shape: re.Pattern[str], wrong: type[Invalid]) -> str:
    """A number of customs' own shape, without blanks around it."""
    text = value.strip() if isinstance(value, str) else ""
    if not shape.fullmatch(text):
        raise wrong(value=shown(value))
    return text


def checked_declaration(value: object) -> str:
    """Of an import."""
    text = checked_code(value, DECLARATION, DeclarationUnreadable)
    if text[8] == "0":
        raise DeclarationOfExport(value=text)
    return text


def checked_place(value: str) -> str:
    """A place as it is compared: full-width letters and blanks make no difference."""
    return place_key(checked_name(value, "使用地点", "place of use"))


def place_key(place: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", place).split())


def days_of(use: Use) -> tuple[date, date]:
    """First and last day in the city that a use touches."""
    days = list(days_touched(use.started_at, use.ended_at))
    return days[0], days[-1]


def supervised_days(use: Use, supervision: Supervision) -> tuple[date, date] | None:
    """First and last day of a use on which the instrument is supervised; None: on none of them."""
    days = [day for day in days_touched(use.started_at, use.ended_at) if supervision.supervised_on(day)]
    return (days[0], days[-1]) if days else None


def check_use(use: Use, supervision: Supervision) -> None:
    """Refuse a use that cannot have been, or of which too little is stated to judge it."""
    first, _ = days_of(use)
    if supervision.items and first < (released := min(item.released_on for item in supervision.items)):
        raise UseBeforeRelease(used_on=first, instrument=use.instrument, released_on=released)
    if (days := supervised_days(use, supervision)) and (use.purpose_class is None or not use.place):
        until = max(item.last_day for item in supervision.supervised_on(days[0]))
        raise CircumstancesMissing(instrument=use.instrument, until=until)


def check_overlap(use: Use, others: Sequence[TimedUse], supervision: Supervision) -> None:
    """Never more uses at once than the instrument allows: the clock has no more minutes."""
    within = [one for one in others if one.started_at < use.ended_at and use.started_at < one.ended_at]
    moments = [use.started_at, *(one.started_at for one in within if one.started_at > use.started_at)]
    for moment in moments:
        at_once = [one for one in within if one.started_at <= moment < one.ended_at]
        if len(at_once) >= supervision.capacity:
            raise UsesOverlap(
                instrument=use.instrument,
                capacity=supervision.capacity,
                started_at=use.started_at.isoformat(),
                others="、".join(one.number for one in at_once[:3]),
            )


def judge(use: Use, supervision: Supervision) -> Judgement | None:
    """Whether a use is within what customs allows; None: the instrument was not supervised on any day of it.

    The holder's own research, development and teaching at the agreed place needs no consent. Others need one that
    covers them, the purpose, the place, every day and all minutes; the consent that fails in the fewest points tells
    why.
    """
    span = supervised_days(use, supervision)
    if span is None:
        return None
    reasons = [] if use.purpose_class in SCIENCE else [Reason.PURPOSE]
    at_place = place_key(use.place) in {place_key(place) for day in span for place in supervision.places_on(day)}
    holders = {item.unit for day in span for item in supervision.supervised_on(day)}
    if use.user in holders:
        return Judgement((*reasons, *([] if at_place else [Reason.PLACE])))

    judged = [
        (failing, consent) for consent in supervision.consents if (failing := _failing(use, span, consent)) is not None
    ]
    if not judged:
        return Judgement(_in_order({*reasons, Reason.NO_CONSENT, *([] if at_place else [Reason.PLACE])}))
    failing, consent = min(judged, key=lambda pair: (len(pair[0]), pair[1].number))
    if not failing and not reasons:
        return Judgement((), consent.number, limited=consent.minutes is not None)
    return Judgement(_in_order({*failing, *reasons}), consent.number)


def _failing(use: Use, span: tuple[date, date], consent: Consent) -> frozenset[Reason] | None:
    """In what a consent does not cover a use; None: it never stood at all."""
    if not consent.stands:
        return None
    failing: set[Reason] = set()
    if consent.users and use.user not in consent.users:
        failing.add(Reason.USER)
    if use.purpose_class not in consent.purposes:
        failing.add(Reason.PURPOSE)
    if place_key(use.place) != place_key(consent.place):
        failing.add(Reason.PLACE)
    first, last = span
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    if not all(consent.stands_on(day) for day in days):
        failing.add(Reason.EXPIRED_CONSENT)
    if consent.minutes is not None and use.minutes > consent.left_minutes:
        failing.add(Reason.OVER_HOURS)
    return frozenset(failing)


def _in_order(reasons: set[Reason]) -> tuple[Reason, ...]:
    return tuple(reason for reason in Reason if reason in reasons)


def covers(office: str, district: str) -> bool:
    """Whether a customs office is competent for a district: its own, or all of its direct customs."""
    return office == district or (office.endswith(DIRECT) and office[:2] == district[:2])


def needs_users(route: Route) -> bool:
    """Whether a consent names its users and its hours."""
    return route is Route.CASE
