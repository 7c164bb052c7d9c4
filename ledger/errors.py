"""The kinds of errors a caller meets; each slice names its own refusals below these."""

from policies.kernel.errors import Invalid, Language, NotFound, Refused, Spoken

__all__ = ["Invalid", "Language", "NotFound", "Refused", "Spoken"]
