"""Several payers of one service: what the share of one depends on, and what one matches of another.  (pure)"""

from datetime import date

from ledger.errors import Refused
from ledger.registry.values import CertificateKind, Party
from ledger.vouchers.states import STATE_WORDS, ContractState
from ledger.vouchers.values import Contract
from policies.vouchers.schemes import Case, VoucherScheme


class OnlyBeside(Refused):
    zh = "计划“{scheme}”为配套资金，只与“{matches}”的合同配套使用。请先用后者的券预留，再为该合同配套。"
    en = (
        "{scheme} matches what {matches} pays and pays nothing alone. Reserve under a voucher of {matches} first, then "
        "match that contract."
    )


class NoMatch(Refused):
    zh = "计划“{scheme}”不能为“{matched}”的合同 {contract} 配套，可配套的计划：{matches}。"
    en = "{scheme} does not match contract {contract} of {matched}; it matches: {matches}."


class MatchedOver(Refused):
    zh = "合同 {matches} {state_zh}，合同 {contract} 无从配套，不能验收。请取消预留。"
    en = "Contract {matches} is {state_en}: there is nothing that {contract} could match. Release it."


class MatchedFirst(Refused):
    zh = "合同 {contract} 与 {matches} 配套。请先用同一账单验收 {matches}。"
    en = "Contract {contract} matches {matches}. Accept {matches} first, with the same bill."


class AcceptedWithAnother(Refused):
    zh = "合同 {matches} 以账单 {wanted} 验收，与其配套的 {contract} 不能以账单 {bill} 验收。"
    en = "Contract {matches} was accepted with bill {wanted}; {contract}, which matches it, cannot be with {bill}."


def case_of(scheme: VoucherScheme, holder: Party, unit: Party, on: date, matched_fen: int = 0) -> Case:
    """What the share of this payer depends on, as papers prove it on a day."""
    region = unit.region_on(on)
    return Case(
        matched_fen=matched_fen,
        local_supplier=bool(region and scheme.supplier_region and region.startswith(scheme.supplier_region)),
        high_tech=holder.certificate_on(CertificateKind.HIGH_TECH, on) is not None,
    )


def check_alone(scheme: VoucherScheme) -> None:
    """Refuse to pay alone what pays only beside another payer."""
    if scheme.matches:
        raise OnlyBeside(scheme=scheme.name, matches=", ".join(scheme.matches))


def check_matches(scheme: VoucherScheme, matched: Contract, matched_scheme: str) -> None:
    """Refuse a match that the scheme does not provide for."""
    if matched_scheme not in scheme.matches:
        raise NoMatch(
            scheme=scheme.name,
            matched=matched_scheme,
            contract=matched.number,
            matches=", ".join(scheme.matches) or "—",
        )


def check_accepted(contract: Contract, matched: Contract, bill: str) -> None:
    """Refuse to accept a match before what it matches, with another bill, or when that is over."""
    if matched.state is ContractState.RESERVED:
        raise MatchedFirst(contract=contract.number, matches=matched.number)
    if matched.end is not None:
        words = STATE_WORDS[matched.state]
        raise MatchedOver(contract=contract.number, matches=matched.number, state_zh=words.zh, state_en=words.en)
    if matched.bill != bill:
        raise AcceptedWithAnother(contract=contract.number, matches=matched.number, wanted=matched.bill, bill=bill)
