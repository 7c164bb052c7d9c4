"""Why a line of a claim is refused for good: the declared list.  (pure)

The grounds are those that published voucher rules have in common; which of them a scheme's own rules name, and in which
article, is for whoever refuses to say in the sentence beside the code.
"""

from collections.abc import Mapping
from enum import StrEnum

from policies.kernel.words import Words


class RefusalReason(StrEnum):
    EXCLUDED_SERVICE = "excluded-service"
    """Statutory certification, commercial inspection and the like; or not for development of something new."""
    RELATED_PARTIES = "related-parties"
    NOT_ELIGIBLE = "not-eligible"
    PAID_TWICE = "paid-twice"
    """The same content has had public money."""
    NOT_PERFORMED = "not-performed"
    """The service was not done, or not as billed."""
    UNTRUE_EVIDENCE = "untrue-evidence"
    EVIDENCE_MISSING = "evidence-missing"
    """Not handed in although the claim was sent back for it."""
    OUTSIDE_PERIOD = "outside-period"
    """Done outside the time the voucher supports."""
    OTHER = "other"


REFUSAL_WORDS: Mapping[RefusalReason, Words] = {
    RefusalReason.EXCLUDED_SERVICE: Words("服务内容不属支持范围", "the service is not one that vouchers support"),
    RefusalReason.RELATED_PARTIES: Words("服务双方为关联方", "the two sides are related parties"),
    RefusalReason.NOT_ELIGIBLE: Words("持券人或服务单位不符合条件", "the holder or the unit is not eligible"),
    RefusalReason.PAID_TWICE: Words("同一内容已获财政资金支持", "the same content has had public money already"),
    RefusalReason.NOT_PERFORMED: Words("服务未实际完成或与账单不符", "the service was not done, or not as billed"),
    RefusalReason.UNTRUE_EVIDENCE: Words("材料不实", "the evidence is not true"),
    RefusalReason.EVIDENCE_MISSING: Words("材料不全且未补正", "evidence is missing and was not supplied"),
    RefusalReason.OUTSIDE_PERIOD: Words("服务不在支持期限内", "the service was done outside the supported time"),
    RefusalReason.OTHER: Words("其他原因", "another reason"),
}
