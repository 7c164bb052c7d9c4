"""Numbers that know where they came from, so that a formula reads like the rule and leaves its derivation behind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from policies.kernel.derivation import Cite, Rounding, Rows, Scalar, Step
from policies.kernel.rounding import exact_text, filled, floor, half_up, largest_remainder, ratio_text
from policies.kernel.words import Words, yuan


@dataclass(frozen=True, slots=True)
class Figure:
    """A whole number of something: fen, vouchers, days."""

    value: int
    step: Step

    @property
    def unit(self) -> str:
        return self.step.unit

    @property
    def cite(self) -> Cite | None:
        return self.step.cite

    @classmethod
    def none(cls, because: "Told", unit: str, words: Words) -> "Figure":
        """Nothing, because of a fact."""
        return _figure(0, "nothing", unit, (because.step,), words)

    def plus(self, other: "Figure", words: Words) -> "Figure":
        self._same_unit(other)
        return self._worked(self.value + other.value, "add", (self, other), words)

    def less(self, *others: "Figure", words: Words) -> "Figure":
        """What is left; never negative, because each part was bounded by the whole before."""
        for other in others:
            self._same_unit(other)
        left = self.value - sum(other.value for other in others)
        if left < 0:
            raise ValueError(f"{words.en}: the parts exceed the whole by {-left}")
        return self._worked(left, "subtract", (self, *others), words)

    def room_after(self, used: "Figure", words: Words) -> "Figure":
        """A cap less what was used, and nothing when more was used than the cap."""
        self._same_unit(used)
        return self._worked(max(0, self.value - used.value), "room", (self, used), words)

    def at_most(self, limit: "Figure", words: Words) -> "Figure":
        self._same_unit(limit)
        return self._worked(min(self.value, limit.value), "minimum", (self, limit), words)

    def times(self, number: "Figure", words: Words) -> "Figure":
        """So many of a whole amount: vouchers times their denomination."""
        return _figure(self.value * number.value, "multiply", number.unit, (self.step, number.step), words)

    def whole_times(self, part: "Figure", words: Words, unit: str) -> "Figure":
        """How many whole parts fit into the amount: 68,000 holds 13 vouchers of 5,000."""
        self._same_unit(part)
        exact = Fraction(self.value, part.value)
        rounding = Rounding("floor", unit, exact_text(exact))
        return _figure(floor(exact), "divide", unit, (self.step, part.step), words, rounding=rounding)

    def share(self, ratio: "Ratio") -> "Unrounded":
        """The part a ratio gives, still exact: it must be rounded by name before it is money."""
        return Unrounded(ratio.value * self.value, "multiply", self.unit, (self.step, ratio.step))

    def without(self, ratio: "Ratio", rule: "Told") -> "Unrounded":
        """The amount before a ratio was added on top, as a rule says: gross / (1 + rate)."""
        inputs = (self.step, ratio.step, rule.step)
        return Unrounded(Fraction(self.value) / (ratio.value + 1), "divide by 1 + ratio", self.unit, inputs)

    def noted(self, note: Words) -> "Figure":
        return replace(self, step=replace(self.step, note=note))

    def _worked(self, value: int, operation: str, inputs: tuple["Figure", ...], words: Words) -> "Figure":
        return _figure(value, operation, self.unit, tuple(figure.step for figure in inputs), words)

    def _same_unit(self, other: "Figure") -> None:
        if other.unit != self.unit:
            raise ValueError(f"{self.unit} and {other.unit} do not go together")


@dataclass(frozen=True, slots=True)
class Ratio:
    """An exact ratio; 0.25 is 25 %."""

    value: Fraction
    step: Step


@dataclass(frozen=True, slots=True)
class Unrounded:
    """An exact amount that is not whole yet."""

    exact: Fraction
    operation: str
    unit: str
    inputs: tuple[Step, ...]

    def half_up(self, words: Words) -> Figure:
        """To the nearest whole unit, half up: where the text says "x %"."""
        return self._rounded(half_up(self.exact), Rounding("half_up", self.unit, exact_text(self.exact)), words)

    def rounded_down(self, words: Words) -> Figure:
        """To the whole unit below: where the text says "not more than x %"."""
        return self._rounded(floor(self.exact), Rounding("floor", self.unit, exact_text(self.exact)), words)

    def _rounded(self, value: int, rounding: Rounding, words: Words) -> Figure:
        return _figure(value, self.operation, self.unit, self.inputs, words, rounding=rounding)


@dataclass(frozen=True, slots=True)
class Told:
    """A result or a fact that is no number: yes or no, a word, a date."""

    value: Scalar
    step: Step


@dataclass(frozen=True, slots=True)
class Table:
    """A result of several rows; how each came about stands below its step."""

    rows: Rows
    step: Step


Quantity = Figure | Ratio | Told | Table


def chosen(flag: Told, yes: Figure, no: Figure, words: Words) -> Figure:
    """The figure that a yes-or-no fact selects."""
    figure = yes if flag.value else no
    return _figure(figure.value, "choose", figure.unit, (flag.step, figure.step), words)


def split(total: Figure, over: Sequence[Figure], words: Sequence[Words]) -> list[Figure]:
    """A whole amount split over weights by largest remainder, ties to the earlier; the parts add up to the fen."""
    weights = [weight.value for weight in over]
    whole = sum(weights)
    inputs = (total.step, *(weight.step for weight in over))
    return [
        _figure(
            part,
            "split by largest remainder",
            total.unit,
            inputs,
            label,
            rounding=Rounding("largest_remainder", total.unit, exact_text(Fraction(total.value * weight, whole or 1))),
        )
        for part, weight, label in zip(largest_remainder(total.value, weights), weights, words, strict=True)
    ]


def prorated(total: Figure, over: Sequence[Figure], words: Words) -> list[Figure]:
    """A pool over many claims by largest remainder, ties to the earlier; nobody gets more than its claim.

    Each part shows its own claim, and in its note the sum of all: a derivation of one stays short. One more fen in the
    pool may take a fen from somebody (the Alabama paradox), and never more than one.
    """
    weights = [weight.value for weight in over]
    whole = sum(weights)
    if whole <= total.value:
        return [_figure(weight.value, "in full", weight.unit, (weight.step,), words) for weight in over]
    together = Words(f"全部应得之和 {yuan(whole)} 元", f"all claims together: {yuan(whole)} yuan")
    return [
        _figure(
            part,
            "prorated by largest remainder",
            total.unit,
            (total.step, weight.step),
            words,
            rounding=Rounding("largest_remainder", total.unit, exact_text(Fraction(total.value * weight.value, whole))),
        ).noted(together)
        for part, weight in zip(largest_remainder(total.value, weights), over, strict=True)
    ]


def filled_up(total: Figure, over: "Sequence[Unrounded]", caps: Sequence[Figure], words: Words) -> list[Figure]:
    """A pool over exact shares whose caps apply after it is prorated: see `rounding.filled`."""
    weights = [share.exact for share in over]
    return [
        _figure(
            part,
            "filled up to the cap",
            total.unit,
            (total.step, *share.inputs, cap.step),
            words,
            rounding=Rounding("floor", total.unit, exact_text(share.exact)),
        )
        for part, share, cap in zip(filled(total.value, weights, [cap.value for cap in caps]), over, caps, strict=True)
    ]


def quotient(numerator: Figure, denominator: Figure, words: Words) -> Ratio:
    """A ratio of two figures; nothing over nothing is zero."""
    exact = Fraction(numerator.value, denominator.value) if denominator.value else Fraction(0)
    return Ratio(exact, Step(words, "divide", ratio_text(exact), "ratio", (numerator.step, denominator.step)))


def told(
    value: Scalar,
    operation: str,
    unit: str,
    inputs: tuple[Step, ...],
    words: Words,
    *,
    note: Words | None = None,
) -> Told:
    """A worked result that is no number."""
    return Told(value, Step(words, operation, value, unit, inputs, note=note))


def _figure(
    value: int,
    operation: str,
    unit: str,
    inputs: tuple[Step, ...],
    words: Words,
    *,
    rounding: Rounding | None = None,
) -> Figure:
    return Figure(value, Step(words, operation, value, unit, inputs, rounding=rounding))
