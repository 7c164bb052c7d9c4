"""Numbers of invoices.  (pure)"""

import re

from ledger.amounts import shown
from ledger.errors import Invalid

_SEPARATORS = re.compile(r"[\s-]")
_NUMBER = re.compile(r"[0-9]{18}|[0-9]{20}")


class InvoiceNumberUnreadable(Invalid):
    zh = (
        "发票号码“{value}”不能识别。数电票填写 20 位号码；"
        "其他增值税发票填写发票代码（10 位或 12 位）加发票号码（8 位）。"
    )
    en = (
        "The invoice number “{value}” cannot be read. A fully digital invoice has 20 digits; of any other VAT invoice "
        "give its code (10 or 12 digits) followed by its number (8 digits)."
    )


def invoice(value: object) -> str:
    """The digits alone, so that one invoice is one invoice however it was typed: spaces and hyphens mean nothing.

    The two 20-digit shapes do not meet: a code of 12 digits begins with 0, a fully digital number with its year.
    """
    number = _SEPARATORS.sub("", value) if isinstance(value, str) else ""
    if not _NUMBER.fullmatch(number):
        raise InvoiceNumberUnreadable(value=shown(value))
    return number
