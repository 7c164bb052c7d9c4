"""Exact arithmetic and the few declared ways to leave it. Fractions inside, whole numbers out; no float anywhere."""

from collections.abc import Sequence
from fractions import Fraction

WHOLE_MAX = 2**63 - 1
"""Largest whole number in a policy or a fact, in its unit."""

RATIO_PLACES = 6
"""Ratios are shown with six decimal places, half-up."""


def half_up(exact: Fraction) -> int:
    """The nearest whole number; exactly half goes up. Never for negative amounts."""
    if exact < 0:
        raise ValueError(f"half_up is for amounts that are not negative, not {exact}")
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def floor(exact: Fraction) -> int:
    """The whole part: where the text says "not more than x %". Never for negative amounts."""
    if exact < 0:
        raise ValueError(f"floor is for amounts that are not negative, not {exact}")
    return exact.numerator // exact.denominator


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` in proportion to `weights`: whole parts first, then one each to the largest remainders.

    Ties go to the earlier weight, so callers put them in the declared order (the lower code first). The parts always
    add up to `total`. With no weight at all only nothing can be split.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("neither the total nor a weight can be negative")
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError(f"{total} cannot be split over weights that are all zero")
        return [0] * len(weights)
    shares = [divmod(total * weight, whole) for weight in weights]
    parts = [part for part, _ in shares]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-shares[index][1], index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def filled(total: int, weights: Sequence[Fraction], caps: Sequence[int]) -> list[int]:
    """A total over weights, none above its cap: what a cap keeps from one goes to the others, like water.

    Each part is ⌊min(λ · weight, cap)⌋ for the largest λ ≤ 1 with which they are at most the total; what is left, less
    than one for each, goes one by one to whoever's next whole is reached first, ties to the earlier.
    """
    level = _level(total, weights, caps)
    parts = [floor(min(level * weight, Fraction(cap))) for weight, cap in zip(weights, caps, strict=True)]
    if level == 1:
        return parts
    for _ in range(total - sum(parts)):
        open_ = [n for n, part in enumerate(parts) if weights[n] and part < min(floor(weights[n]), caps[n])]
        if not open_:
            break
        parts[min(open_, key=lambda n: (Fraction(parts[n] + 1) / weights[n], n))] += 1
    return parts


def _level(total: int, weights: Sequence[Fraction], caps: Sequence[int]) -> Fraction:
    """The λ ≤ 1 at which min(λ · weight, cap) add up to the total; 1 where they never reach it."""
    rest, still = Fraction(total), Fraction(sum(weights))
    for weight, cap in sorted(
        ((weight, cap) for weight, cap in zip(weights, caps, strict=True) if weight),
        key=lambda pair: Fraction(pair[1]) / pair[0],
    ):
        if rest <= Fraction(cap) / weight * still:
            break
        rest, still = rest - cap, still - weight
    return min(Fraction(1), max(Fraction(0), rest) / still) if still else Fraction(1)


def ratio_text(exact: Fraction) -> str:
    """A ratio as people and programs read it: six decimal places, half-up, such as `0.170732`."""
    scaled = half_up(exact * 10**RATIO_PLACES)
    return f"{scaled // 10**RATIO_PLACES}.{scaled % 10**RATIO_PLACES:0{RATIO_PLACES}d}"


def exact_text(exact: Fraction) -> str:
    """The number without any loss: a finite decimal where there is one (`37037.034`), else a fraction (`1000/103`)."""
    rest, twos, fives = exact.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{exact.numerator}/{exact.denominator}"
    places = max(twos, fives)
    digits = f"{abs(exact.numerator) * 10**places // exact.denominator:0{places + 1}d}"
    sign = "-" if exact < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
