"""Who does what with how much: generated from a fixed seed, and made to meet the published totals to the fen.  (pure)

Amounts by project are not public. What fills them here is generated and says so wherever it is shown.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from policies.kernel.rounding import largest_remainder
from policies.vouchers.published import PublishedTotals

SEED = 20_171_231
WHOLE_YUAN = 100

UNPAID = 4
"""Projects accepted at the end of the year whose payment is still under way."""
BELOW_CONTRACT = 20
"""Projects whose actual fee came out below the contract."""
PARTLY_RESERVED = 15
"""Vouchers of which a part was never reserved."""
NEVER_USED = 3
"""Vouchers that nobody used."""
SHARED_VOUCHERS = 8
"""Vouchers that paid for two projects."""
PROJECT_MONTHS = (4, 5, 6, 7, 8)
UNPAID_MONTH = 11
HOUR_PRICE_FEN = 60_000
"""Tariff of every unit of the demo, for an hour."""
HOURS_MAX = 8


@dataclass(frozen=True, slots=True)
class Project:
    """One contract between a firm and a unit. Amounts in fen."""

    number: int
    unit: int
    accepted_fen: int
    """The voucher's share of the actual fee."""
    reserved_fen: int
    month: int
    paid: bool

    @property
    def fee_fen(self) -> int:
        """The actual fee; half of it is the voucher's share."""
        return 2 * self.accepted_fen

    @property
    def contract_fee_fen(self) -> int:
        return 2 * self.reserved_fen

    @property
    def hours(self) -> int:
        """Machine time, at the tariff no more than half of the fee; the rest is samples and the report."""
        return min(HOURS_MAX, self.fee_fen // 2 // HOUR_PRICE_FEN)


@dataclass(frozen=True, slots=True)
class PlannedVoucher:
    """One application that is granted as asked."""

    number: int
    firm: int
    face_fen: int
    wave: int
    projects: tuple[Project, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The year before it happens."""

    firms: int
    """With accepted use; firms beyond these have a voucher that they never used."""
    units: int
    vouchers: tuple[PlannedVoucher, ...]

    @property
    def projects(self) -> tuple[Project, ...]:
        return tuple(project for voucher in self.vouchers for project in voucher.projects)

    @property
    def holders(self) -> int:
        return 1 + max(voucher.firm for voucher in self.vouchers)


def plan(totals: PublishedTotals, seed: int = SEED) -> Plan:
    """A programme with exactly these totals."""
    dice = random.Random(seed)  # noqa: S311  a fixed seed is the point: the same year every time
    accepted = _accepted(dice, totals)
    unpaid = range(totals.projects - UNPAID, totals.projects)
    units = _spread(dice, totals.projects, totals.carriers)
    projects = [
        Project(
            number=number,
            unit=units[number],
            accepted_fen=accepted[number],
            reserved_fen=accepted[number],
            month=UNPAID_MONTH if number in unpaid else dice.choice(PROJECT_MONTHS),
            paid=number not in unpaid,
        )
        for number in range(totals.projects)
    ]
    unused_fen = totals.issued_fen - totals.used_fen
    never_fen, below_fen, partly_fen = _split(unused_fen, (35, 39, 26))
    projects = _raise_reservations(dice, projects, below_fen)
    vouchers = _vouchers(dice, projects, totals.firms)
    vouchers = _raise_faces(dice, vouchers, partly_fen)
    vouchers += _never_used(dice, vouchers, totals.firms, never_fen)
    return Plan(totals.firms, totals.carriers, tuple(vouchers))


def _split(total: int, weights: Sequence[int]) -> list[int]:
    """Whole yuan as far as they go; the parts add up."""
    yuan, rest = divmod(total, WHOLE_YUAN)
    parts = [part * WHOLE_YUAN for part in largest_remainder(yuan, list(weights))]
    parts[0] += rest
    return parts


def _accepted(dice: random.Random, totals: PublishedTotals) -> list[int]:
    """What each voucher paid for: uneven, as real projects are; the last few are accepted and not yet paid."""
    paid = totals.projects - UNPAID
    weights = [dice.randint(20, 100) for _ in range(totals.projects)]
    return [
        *_split(totals.redeemed_fen, weights[:paid]),
        *_split(totals.used_fen - totals.redeemed_fen, weights[paid:]),
    ]


def _spread(dice: random.Random, things: int, over: int) -> list[int]:
    """Each of `over` at least once."""
    found = [*range(over), *(dice.randrange(over) for _ in range(things - over))]
    dice.shuffle(found)
    return found


def _raise_reservations(dice: random.Random, projects: list[Project], below_fen: int) -> list[Project]:
    """Some contracts were dearer than the service turned out to be."""
    chosen = dice.sample(range(len(projects)), BELOW_CONTRACT)
    extra = dict(zip(chosen, _split(below_fen, [dice.randint(1, 9) for _ in chosen]), strict=True))
    return [replace(p, reserved_fen=p.reserved_fen + extra.get(p.number, 0)) for p in projects]


def _vouchers(dice: random.Random, projects: list[Project], firms: int) -> list[PlannedVoucher]:
    """A voucher for each project, or for two of the same firm; a firm's next application comes a wave later."""
    count = len(projects) - SHARED_VOUCHERS
    holders = [*range(firms), *range(firms)][:count]
    dice.shuffle(holders)
    groups = [[project] for project in projects[:count]]
    for shared, project in zip(dice.sample(range(count), SHARED_VOUCHERS), projects[count:], strict=True):
        groups[shared].append(project)
    seen: dict[int, int] = {}
    vouchers = []
    for number, (firm, group) in enumerate(zip(holders, groups, strict=True)):
        wave = seen[firm] = seen.get(firm, -1) + 1
        face = sum(project.reserved_fen for project in group)
        vouchers.append(PlannedVoucher(number, firm, face, wave, tuple(group)))
    return vouchers


def _raise_faces(dice: random.Random, vouchers: list[PlannedVoucher], partly_fen: int) -> list[PlannedVoucher]:
    """Some firms asked for more than they went on to use."""
    chosen = dice.sample(range(len(vouchers)), PARTLY_RESERVED)
    extra = dict(zip(chosen, _split(partly_fen, [dice.randint(1, 9) for _ in chosen]), strict=True))
    return [replace(v, face_fen=v.face_fen + extra.get(v.number, 0)) for v in vouchers]


def _never_used(
    dice: random.Random, vouchers: list[PlannedVoucher], firms: int, never_fen: int
) -> list[PlannedVoucher]:
    """Firms that got a voucher and did nothing with it; they are not among those with accepted use."""
    faces = _split(never_fen, [dice.randint(2, 5) for _ in range(NEVER_USED)])
    first = len(vouchers)
    return [PlannedVoucher(first + n, firms + n, face, 0, ()) for n, face in enumerate(faces)]
