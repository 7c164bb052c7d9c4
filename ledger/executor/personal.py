"""Is what stands apart still what the books hold a digest of? A check of `verify`, handed to it by the assembly."""

from sqlalchemy import Connection

from ledger.executor.idempotency import digest
from ledger.journal.bulk import run
from ledger.journal.verify import Verification

CHECK = "personal fields"

_FIELDS = """
SELECT p.book, p.command, p.field, p.salt, p.value, c.request -> p.field
FROM personal p
LEFT JOIN command c ON c.book = p.book AND c.id = p.command AND c.book = %(book)s
ORDER BY p.book, p.command, p.field
"""
_DIGESTS = """
SELECT count(*)
FROM command c, jsonb_each(c.request) f
WHERE c.book = %(book)s AND jsonb_typeof(f.value) = 'object' AND f.value - 'digest' = '{}' AND f.value ? 'digest'
"""


def check_personal(connection: Connection, book: int, found: Verification) -> None:
    """Each row of `personal` is what its command's request holds a digest of.

    A row that is not there was erased, which is allowed: it is counted. No sentence repeats a value, because what a
    row says may be somebody's name.
    """
    ((digests,),) = run(connection, _DIGESTS, {"book": book})
    kept = 0
    for of_book, command, field, salt, value, stands in run(connection, _FIELDS, {"book": book}):
        row = f"{field} of command {command}" if of_book == book else f"{field} of command {command}, book {of_book}"
        if not isinstance(stands, dict) or stands.keys() != {"digest"}:
            found.blame(CHECK, row, "该命令的请求中没有这一栏的摘要", "its command's request holds no digest of it")
            continue
        kept += 1
        if digest(bytes(salt), value) != stands["digest"]:
            found.blame(CHECK, row, "现有的值不是请求摘要所对应的值", "it is not what the request holds a digest of")
    found.personal += kept
    found.erased += digests - kept
