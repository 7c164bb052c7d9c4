"""How the numbers that parties give their papers are compared.  (pure)"""

import unicodedata


def contract_identity(contract_number: str) -> str:
    """A contract number as it is compared: full width is half width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", contract_number).casefold().split())
