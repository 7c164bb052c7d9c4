"""Which of the two languages a caller reads: `Accept-Language`, Chinese where it names neither."""

from policies.kernel.errors import Language

_LENGTH_MAX = 200


def preferred(accept_language: str) -> Language:
    """The one that the caller ranks higher; Chinese on a tie."""
    weights = {"zh": 0.0, "en": 0.0}
    for choice in accept_language[:_LENGTH_MAX].split(","):
        tag, _, parameters = choice.strip().lower().partition(";")
        language = tag.split("-")[0]
        if language in weights:
            weights[language] = max(weights[language], _weight(parameters))
    return "en" if weights["en"] > weights["zh"] else "zh"


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
