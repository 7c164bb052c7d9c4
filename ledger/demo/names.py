"""Organisations that do not exist: every name says so, every code passes its two checks.  (pure)"""

from ledger.registry.uscc import final_check, organisation_check

FIRM, UNIT, BUREAU = "91", "12", "11"
"""Registering department and kind: a company, an institution, an authority."""
AREA = "999999"
"""No administrative division has this code, so no real organisation can be met by chance."""


def code(kind: str, number: int) -> str:
    """A unified social credit code that checks: department and kind, an area of nowhere, a running number."""
    organisation = f"{number:08d}"
    body = f"{kind}{AREA}{organisation}{organisation_check(organisation)}"
    return body + final_check(body)


def firm_name(number: int) -> str:
    return f"合成企业{number:02d}号"


def unit_name(number: int) -> str:
    return f"合成检测机构{number:02d}号"
