"""What is granted, reserved, accepted and claimed, until when; and every refusal.  (pure)"""

import calendar
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from ledger.amounts import yuan
from ledger.budgets.values import Budget, BudgetLine
from ledger.errors import Invalid, Refused
from ledger.fees.values import Bill
from ledger.registry.values import Party, PartyKind
from ledger.vouchers.states import STATE_WORDS, ApplicationState, ContractState
from ledger.vouchers.values import GROUND_WORDS, Application, CapUse, Contract, Split, Voucher
from policies.kernel.words import Words

CONTRACT_NUMBER_MAX = 100
"""Longest number that two parties give their contract, in characters."""
CLAIM_LINES_MAX = 1_000
"""Most contracts of one claim."""

APPLICATION = Words("申领", "application")
CONTRACT = Words("合同", "contract")
CLAIM = Words("兑付申请", "claim")
UNIT = Words("开票单位", "issuing unit")
PAYER = Words("付款方", "payer")
CONTRACT_NUMBER = Words("合同编号", "contract number")

# -- refusals ----------------------------------------------------------------------------------------------------------


class WrongState(Refused):
    zh = "{thing_zh} {number} {state_zh}，不能{wanted_zh}。"
    en = "{thing_en} {number} is {state_en}; it cannot be {wanted_en}."

    def __init__(self, thing: Words, number: str, state: StrEnum, wanted: Words) -> None:
        said = STATE_WORDS[state]
        super().__init__(
            thing_zh=thing.zh,
            thing_en=thing.en[:1].upper() + thing.en[1:],
            number=number,
            state=state.value,
            state_zh=said.zh,
            state_en=said.en,
            wanted_zh=wanted.zh,
            wanted_en=wanted.en,
        )


class VoucherExpired(Refused):
    zh = "创新券 {number} 已于 {expires_on} 到期，今天是 {today}，不能再使用。尚未验收的预留随券失效。"
    en = (
        "Voucher {number} expired on {expires_on}, and today is {today}. It can no longer be used; "
        "what is reserved and not accepted expires with it."
    )


class VoucherRevoked(Refused):
    zh = (
        "创新券 {number} 已于 {revoked_on} 依决定书 {decision} 撤销（{ground_zh}），不能再使用。"
        "如有异议，请按该决定书写明的途径申诉。"
    )
    en = (
        "Voucher {number} was revoked on {revoked_on} by decision {decision} ({ground_en}); it can no longer be used. "
        "To contest it, appeal as that decision says."
    )


class ReservationLapsed(Refused):
    zh = "合同 {contract_number}（{contract}）的预留有效至 {hold_until}，今天是 {today}。请取消后重新预留，再验收。"
    en = (
        "The reservation for contract {contract_number} ({contract}) held until {hold_until}, and today is {today}. "
        "Release it and reserve again, then accept."
    )


class RelatedParty(Refused):
    zh = "{holder_name}（{holder}）与 {unit_name}（{unit}）有关联关系，关联方之间的服务不能使用创新券。"
    en = (
        "{holder_name} ({holder}) and {unit_name} ({unit}) are related parties; "
        "a service between them cannot be paid by voucher."
    )

    def __init__(self, holder: Party, unit: Party) -> None:
        super().__init__(holder=holder.code, holder_name=holder.name, unit=unit.code, unit_name=unit.name)


class SizeNotDeclared(Refused):
    zh = "{name}（{holder}）尚未申报企业规模。请先申报，再申领创新券。"
    en = "{name} ({holder}) has not declared its size class. Declare it first, then apply."


class SizeNotEligible(Refused):
    zh = "{name}（{holder}）的规模为 {size}，计划“{scheme}”只面向：{eligible}。"
    en = "{name} ({holder}) is of size {size}; the scheme {scheme} is for {eligible} only."


class TeamsNotEligible(Refused):
    zh = "计划“{scheme}”不面向创业团队，{name}（{holder}）不能申领。"
    en = "The scheme {scheme} is not for startup teams; {name} ({holder}) cannot apply."


class ApplicationOpen(Refused):
    zh = "{holder} 在计划“{scheme}”中尚有未办结的申领 {application}。请待其办结后再申领。"
    en = "{holder} has an application under way in {scheme}: {application}. Apply again when it is settled."


class BudgetExhausted(Refused):
    zh = "计划“{scheme}”{year} 年度可用预算 {available} 元，需要 {needed} 元，额度已发完或不足。"
    en = "The budget of {scheme} for {year} has {available} yuan available, and {needed} are needed: it is exhausted."


class BudgetLineExhausted(Refused):
    zh = "计划“{scheme}”{year} 年度没有一条预算指标够 {needed} 元：{lines}。一张创新券只占用一条指标。"
    en = "No single budget line of {scheme} for {year} holds {needed} yuan: {lines}. A voucher stands on one line."


class ApplicationYearOver(Refused):
    zh = "申领 {application} 属于 {year} 年度，今天是 {today}，该年度已结束。请重新申领。"
    en = "Application {application} is of {year}, and today is {today}: that year is over. Apply again."


class ControllerChanged(Refused):
    zh = "{holder} 的实际控制人在申领时为 {before}，现为 {now}，上限须重新计算。请驳回后重新申领。"
    en = (
        "The actual controller of {holder} was {before} when it applied and is {now} now, so its cap must be counted "
        "anew. Reject this application and let it apply again."
    )


class OverCap(Refused):
    zh = "{counted_for} 本年已发放（含待复核）{counted} 元，上限 {cap} 元，不能再发放 {grant} 元。"
    en = (
        "{counted_for} got {counted} yuan this year (grants awaiting a signature included) of at most {cap}; "
        "{grant} more cannot be granted."
    )


class OverGrant(Refused):
    zh = "按规则最多可发放 {grantable} 元，不能发放 {grant} 元。"
    en = "By the rules at most {grantable} yuan can be granted, not {grant}."


class NotWholeTokens(Refused):
    zh = "金额 {amount} 元不是每张 {denomination} 元的整数倍。创新券按整张发放和使用，不找零。"
    en = "{amount} yuan is no whole number of vouchers of {denomination} each. They are granted and used whole."


class OverShare(Refused):
    zh = "合同费用 {fee} 元，创新券最多承担 {limit} 元，不能预留 {amount} 元。"
    en = "Of a fee of {fee} yuan the voucher pays at most {limit}; {amount} cannot be reserved."


class OverAvailable(Refused):
    zh = "创新券 {voucher} 可用额度 {available} 元，不能预留 {amount} 元。"
    en = "Voucher {voucher} has {available} yuan available; {amount} cannot be reserved."


class ServiceEndsTooLate(Refused):
    zh = "服务将于 {service_ends_on} 结束，预留最迟有效至 {hold_until}（创新券到期日 {expires_on}）。请缩短服务期。"
    en = (
        "The service ends on {service_ends_on}; the reservation can hold until {hold_until} at the latest "
        "(the voucher expires on {expires_on}). Shorten the service."
    )


class ServiceOver(Refused):
    zh = "服务已于 {service_ends_on} 结束，今天是 {today}。创新券须在服务结束前预留。"
    en = "The service ended on {service_ends_on}, and today is {today}. A voucher is reserved before the service ends."


class BillOfAnother(Refused):
    zh = "账单 {bill} 的{what_zh}为“{found}”，合同 {contract} 为“{wanted}”。请核对账单。"
    en = "Bill {bill} names “{found}” as its {what_en}; for contract {contract} it is “{wanted}”. Check the bill."

    def __init__(self, bill: Bill, contract: Contract, what: Words, found: str, wanted: str) -> None:
        super().__init__(
            bill=bill.number, contract=contract.number, what_zh=what.zh, what_en=what.en, found=found, wanted=wanted
        )


class BillTooEarly(Refused):
    zh = "账单 {bill} 的发票日期 {invoice_date} 早于合同 {contract} 的预留日期 {reserved_on}，预留前的费用不予支持。"
    en = (
        "The invoice of bill {bill} is dated {invoice_date}, before {contract} was reserved on {reserved_on}; "
        "costs before the reservation are not supported."
    )


class BillCreditedInFull(Refused):
    zh = "账单 {bill} 已全额冲红，不能用于验收。请用重新开具的账单验收。"
    en = "Bill {bill} was credited in full and cannot be accepted. Accept with the bill that was issued in its place."


class BillDisputed(Refused):
    zh = "账单 {bill} 有争议，不能验收。请先了结争议。"
    en = "Bill {bill} is disputed and cannot be accepted. Settle the dispute first."


class BillOpenTooLittle(Refused):
    zh = "账单 {bill} 未收金额 {open} 元，少于创新券应承担的 {share} 元。企业已付的部分不能再由创新券承担。"
    en = (
        "Bill {bill} has {open} yuan open, less than the voucher's {share}. "
        "What the firm has paid already cannot be paid by voucher."
    )


class ContractOfAnotherUnit(Refused):
    zh = "合同 {contract} 的券款由 {unit} 申请兑付，{claimant} 不能申请。"
    en = "What the voucher pays for contract {contract} is claimed by {unit}; {claimant} cannot claim it."


class ClaimOfAnotherUnit(Refused):
    zh = "兑付申请 {claim} 由 {unit} 提出，不属于 {claimant}。"
    en = "Claim {claim} was filed by {unit}, not by {claimant}."


class ClaimWindowOver(Refused):
    zh = "合同 {contract} 于 {accepted_on} 验收，最迟应于 {claim_until} 申请兑付，今天是 {today}，已逾期。"
    en = "Contract {contract} was accepted on {accepted_on} and could be claimed until {claim_until}; today is {today}."


class NothingToClaim(Refused):
    zh = "合同 {contract} 没有可兑付的券额。"
    en = "Contract {contract} has nothing redeemable."


class MixedClaim(Refused):
    zh = "一份兑付申请只能包含同一计划和年度：{contract} 属于 {found}，{first} 属于 {wanted}。请分别申请。"
    en = "A claim is for one scheme and year: {contract} is of {found}, {first} of {wanted}. File two claims."


class NoticeRunning(Refused):
    zh = "兑付申请 {claim} 公示至 {notice_until}，今天是 {today}。公示期满后才能批准。"
    en = "Claim {claim} is on public notice until {notice_until}, and today is {today}. It can be approved after that."


class ObjectionOpen(Refused):
    zh = "对兑付申请 {claim} 的异议尚未答复：{objections}。请主管部门答复后再批准。"
    en = "Objections to claim {claim} are not answered yet: {objections}. It can be approved once they are."


class NothingDue(Refused):
    zh = "创新券 {voucher} 没有到期事项：有效期至 {expires_on}，今天是 {today}。"
    en = "Nothing of voucher {voucher} is due: it is valid until {expires_on}, and today is {today}."


class DueLater(Refused):
    zh = "{on} 晚于今天（{today}），到期处理只能截至今天。"
    en = "{on} is later than today ({today}); what expires is posted up to today."


class HoldStands(Refused):
    zh = "合同 {contract} 的预留有效至 {hold_until}，到期前只能由持券人取消。"
    en = "The reservation for {contract} holds until {hold_until}; before that only the holder can release it."


class ReasonMissing(Refused):
    zh = "请说明理由。"
    en = "Give a reason."


class LinesMissing(Invalid):
    zh = "兑付申请没有列出合同。"
    en = "The claim names no contract."


class LineTwice(Invalid):
    zh = "合同 {contract} 在同一份兑付申请中出现两次。"
    en = "Contract {contract} stands in the claim twice."


class TooManyLines(Invalid):
    zh = "一份兑付申请最多 {most} 个合同，现为 {count} 个。请分开申请。"
    en = "A claim has at most {most} contracts, not {count}. File several."


# -- what can be read --------------------------------------------------------------------------------------------------


def months_later(day: date, months: int) -> date:
    """The corresponding day so many months later; where that month has none, its last day (民法典 art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(issued_on: date, months: int, *, lapses: bool) -> date:
    """Last day of a voucher; where vouchers lapse at the year end, the last day of the year at the latest."""
    anniversary = months_later(issued_on, months)
    return min(anniversary, date(issued_on.year, 12, 31)) if lapses else anniversary


def hold_until(today: date, days_max: int, expires_on: date) -> date:
    """Last day of a reservation; a hold never outlives its voucher."""
    return min(days_later(today, days_max), expires_on)


def days_later(day: date, days: int) -> date:
    return day + timedelta(days=days)


# -- applications ------------------------------------------------------------------------------------------------------


def check_eligible(party: Party, scheme: str, eligible_sizes: Collection[str], *, teams: bool, cite: str) -> None:
    """Refuse an applicant the scheme is not for."""
    named = {"holder": party.code, "name": party.name}
    if party.kind is PartyKind.TEAM:
        if not teams:
            raise TeamsNotEligible(cite=cite, scheme=scheme, **named)
        return
    if party.size is None:
        raise SizeNotDeclared(**named)
    if party.size.value not in eligible_sizes:
        raise SizeNotEligible(
            cite=cite, scheme=scheme, size=party.size.value, eligible=", ".join(eligible_sizes), **named
        )


def check_year(application: Application, today: date) -> None:
    """Refuse to decide or issue when the year of its budget and caps is over."""
    if today.year != application.year:
        raise ApplicationYearOver(application=application.number, year=application.year, today=today)


def check_whole_tokens(amount_fen: int, denomination_fen: int | None) -> None:
    if denomination_fen is not None and amount_fen % denomination_fen:
        raise NotWholeTokens(amount=yuan(amount_fen), denomination=yuan(denomination_fen))


def check_cap(grant_fen: int, counted_fen: int, cap_fen: int, counted_for: str, cite: str) -> None:
    """Refuse a grant that would pass the yearly cap; grants that wait for a signature count like issued ones."""
    if counted_fen + grant_fen > cap_fen:
        raise OverCap(
            cite=cite, counted_for=counted_for, counted=yuan(counted_fen), cap=yuan(cap_fen), grant=yuan(grant_fen)
        )


def without(uses: CapUse, application: Application) -> CapUse:
    """What was issued and granted, leaving out this application's own grant, which is decided anew."""
    if application.state is not ApplicationState.GRANTED or application.granted_fen is None:
        return uses
    year = uses.in_year(application.year)
    rest = replace(year, pending_fen=year.pending_fen - application.granted_fen)
    return replace(uses, years={**uses.years, application.year: rest})


def check_lines(contracts: Collection[str]) -> None:
    """Refuse a claim of nothing, of too much at once, or of one contract twice."""
    if not contracts:
        raise LinesMissing
    if len(contracts) > CLAIM_LINES_MAX:
        raise TooManyLines(most=CLAIM_LINES_MAX, count=len(contracts))
    seen: set[str] = set()
    for contract in contracts:
        if contract in seen:
            raise LineTwice(contract=contract)
        seen.add(contract)


def line_for(budget: Budget, amount_fen: int) -> BudgetLine:
    """The first budget line that holds the whole amount."""
    found = next((line for line in budget.lines if line.available_fen >= amount_fen), None)
    if found:
        return found
    if budget.available_fen < amount_fen:
        raise BudgetExhausted(
            scheme=budget.scheme, year=budget.year, available=yuan(budget.available_fen), needed=yuan(amount_fen)
        )
    lines = ", ".join(f"{line.code} {yuan(line.available_fen)}" for line in budget.lines)
    raise BudgetLineExhausted(scheme=budget.scheme, year=budget.year, needed=yuan(amount_fen), lines=lines)


# -- use ---------------------------------------------------------------------------------------------------------------


def check_not_revoked(voucher: Voucher) -> None:
    """Refuse a revoked voucher, and say by which decision."""
    if voucher.revocation:
        words = GROUND_WORDS[voucher.revocation.ground]
        raise VoucherRevoked(
            number=voucher.number,
            revoked_on=voucher.revocation.revoked_on,
            decision=voucher.revocation.decision_number,
            ground_zh=words.zh,
            ground_en=words.en,
        )


def check_valid(voucher: Voucher, today: date) -> None:
    """Refuse a revoked or an expired voucher, each with its own reason."""
    check_not_revoked(voucher)
    if not voucher.valid_on(today):
        raise VoucherExpired(number=voucher.number, expires_on=voucher.expires_on, today=today)


def check_reserved(contract: Contract, voucher: Voucher, wanted: Words, today: date) -> None:
    """Refuse a contract that is not reserved, naming its state; one that ended with its voucher, saying why."""
    check_not_revoked(voucher)
    if contract.state is ContractState.EXPIRED:
        raise VoucherExpired(number=voucher.number, expires_on=voucher.expires_on, today=today)
    check_state(contract, ContractState.RESERVED, wanted)
    check_valid(voucher, today)


def check_state(contract: Contract, needed: ContractState, wanted: Words) -> None:
    """Refuse a contract in any other state, and name the state it is in."""
    if contract.state is not needed:
        raise WrongState(CONTRACT, contract.number, contract.state, wanted)


def smallest_part(voucher: Voucher, *, change_given: bool, held_fen: int) -> int:
    """The smallest part of a hold that can go back: a fen, a token, or all of it where no change is given."""
    if change_given:
        return 1
    return voucher.denomination_fen or held_fen


def round_up(amount_fen: int, part_fen: int) -> int:
    """To whole parts."""
    return -(-amount_fen // part_fen) * part_fen


def split_hold(held_fen: int, share_fen: int, part_fen: int, *, valid: bool) -> Split:
    """What becomes of a hold: the share is paid, unused whole parts go back if it is valid, the rest expires.

    `share_fen` is the voucher's share of the actual fee, computed anew and never more than what is held.
    """
    if not 0 <= share_fen <= held_fen:
        raise ValueError(f"a share of {share_fen} cannot come from a hold of {held_fen}")
    spent = min(round_up(share_fen, part_fen), held_fen)
    returned = held_fen - spent if valid else 0
    return Split(share_fen, returned, held_fen - share_fen - returned)
