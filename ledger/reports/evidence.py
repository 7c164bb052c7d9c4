"""A bundle of evidence about one duty-free instrument: its records, and what proves each against the signed heads.

Whoever holds the bundle, the anchors and `verify_receipt.py` needs nothing else of ours.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from ledger.customs.listing import BEFORE_THE_FIRST_USE, Usage, UseFilter, days_in_the_city, usage_page
from ledger.database.walls import past_the_walls
from ledger.errors import Refused
from ledger.executor.reading import Reader
from ledger.journal.anchors import Anchors
from ledger.journal.attestation import Json, plain
from ledger.journal.receipts import proofs_of
from ledger.journal.tables import EventRow
from ledger.journal.verify_receipt import BUNDLE_VERSION, bundle_message

USES_MAX = 2_000


class BundleTooLarge(Refused):
    zh = "仪器 {instrument} 在该期间的使用超过 {most} 次，不能装入一个证据包。请缩短期间。"
    en = "Instrument {instrument} was used more than {most} times in that time; one bundle holds no more. Shorten it."


def evidence_bundle(  # each part has its name
    reader: Reader,
    code: str,
    tables: Sequence[type[EventRow]],
    anchors: Anchors,
    instrument: str,
    since: date,
    until: date,
) -> Json:
    """The uses of an instrument that begin in these days, its papers, and their proofs, signed as a whole.

    Args:
        reader: behind the walls of whoever asks; what is listed is what it may see.
        code: the book's code, as the hashes name it.
        tables: every attested table.
        anchors: where signed heads are kept, with the key that signs.
        instrument: its number.
        since: first day, in the city.
        until: last day.

    Raises:
        BundleTooLarge: there are more uses than one bundle holds.
    """
    wanted = UseFilter(instrument, None, None, None, *days_in_the_city(since, until))
    uses = usage_page(reader, BEFORE_THE_FIRST_USE, USES_MAX + 1, wanted)
    if len(uses) > USES_MAX:
        raise BundleTooLarge(instrument=instrument, most=USES_MAX)
    commands = sorted({*_papers(reader, instrument), *(use.command for use in uses)}, key=str)
    with past_the_walls(reader.connection):
        withheld = _of_others(reader, commands, instrument)
        shown = [command for command in commands if command not in withheld]
        proofs = proofs_of(reader.connection, reader.book, code, tables, shown, anchors)
    bundle: Json = {
        "version": BUNDLE_VERSION,
        "instrument": instrument,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "uses": [_use(use) for use in uses],
        "proofs": list(proofs.proofs),
        "blocks": list(proofs.blocks),
        "withheld": sorted(str(command) for command in withheld),
        "waiting": sorted(str(command) for command in proofs.waiting),
        "public_key": anchors.signed(b"")[0],
    }
    return bundle | {"signature": anchors.signed(bundle_message(bundle))[1]}


def _papers(reader: Reader, instrument: str) -> list[UUID]:
    """Commands about the goods themselves: items, consents, moves, exposures, each with its steps."""
    rows = reader.rows(
        "SELECT i.command FROM customs_item i JOIN customs_item_share s ON s.book = i.book AND s.item = i.number "
        " WHERE s.book = %s AND s.instrument = %s "
        "UNION SELECT e.command FROM customs_item_end e JOIN customs_item_share s ON s.book = e.book "
        "  AND s.item = e.item WHERE s.book = %s AND s.instrument = %s "
        "UNION SELECT c.command FROM customs_consent c WHERE c.book = %s AND c.instrument = %s "
        "UNION SELECT t.command FROM customs_consent_step t JOIN customs_consent c ON c.book = t.book "
        "  AND c.number = t.consent WHERE c.book = %s AND c.instrument = %s "
        "UNION SELECT m.command FROM customs_move m WHERE m.book = %s AND m.instrument = %s "
        "UNION SELECT t.command FROM customs_move_step t JOIN customs_move m ON m.book = t.book AND m.number = t.move "
        " WHERE m.book = %s AND m.instrument = %s "
        "UNION SELECT t.command FROM customs_exposure_step t JOIN customs_exposure e ON e.book = t.book "
        "  AND e.number = t.exposure WHERE e.book = %s AND e.instrument = %s AND t.step > 1",
        *(value for _ in range(7) for value in (reader.book, instrument)),
    )
    return [command for (command,) in rows]


def _of_others(reader: Reader, commands: Sequence[UUID], instrument: str) -> frozenset[UUID]:
    """Commands that recorded uses of other instruments too: a leaf shows all that its command wrote."""
    rows = reader.rows(
        "SELECT DISTINCT command FROM fee_use WHERE book = %s AND command = ANY(%s) AND instrument <> %s",
        reader.book,
        list(commands),
        instrument,
    )
    return frozenset(command for (command,) in rows)


def _use(use: Usage) -> dict[str, Any]:
    """Words and whole numbers, as the leaf has them."""
    return {
        "use": use.number,
        "instrument": use.instrument,
        "user": use.user,
        "started_at": plain(use.started_at),
        "minutes": use.minutes,
        "purpose_class": use.purpose_class or "",
        "place": use.place or "",
        "in_scope": use.in_scope,
        "reasons": list(use.reasons),
        "consent": use.consent,
        "exposure": use.exposure,
        "fee_fen": use.fee_fen,
        "voucher": use.voucher,
        "command": str(use.command),
    }
