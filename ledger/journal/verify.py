"""Recompute everything and say what does not agree. Reads within the caller's one snapshot."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby

from sqlalchemy import Connection

from ledger.errors import Language
from ledger.journal.accounts import Chart
from ledger.journal.attestation import Json
from ledger.journal.blocks import Block, block_at, blocks_between
from ledger.journal.bulk import run
from ledger.journal.laws import Law
from ledger.journal.replay import Replay, Replayed
from ledger.journal.shape import SHAPE
from ledger.journal.tables import EventRow, table_name
from ledger.journal.templates import Templates
from ledger.journal.verify_receipt import (
    HASH_VERSION,
    anchor_message,
    block_hash,
    leaf_hash,
    merkle_root,
    signature_holds,
)

FAULTS_SHOWN = 20
"""Rows named per law; the rest is counted."""
BLOCKS_AT_ONCE = 1_000
GENESIS = bytes(32)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""What a book without a block says."""

Progress = Callable[[int, int], None]
Recompute = Callable[[Mapping[str, object]], Sequence[str]]
"""Fields of a stored calculation that come out differently today."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not agree: the check, the row at fault, what was found."""

    check: str
    row: str
    zh: str
    en: str

    def say(self, language: Language = "en") -> str:
        return f"{self.check}: {self.row}: {self.zh if language == 'zh' else self.en}"

    def __str__(self) -> str:
        return self.say()


@dataclass(slots=True)
class Verification:
    """What was read and what was found."""

    commands: int = 0
    entries: int = 0
    transfers: int = 0
    blocks: int = 0
    anchors: int = 0
    calculations: int = 0
    personal: int = 0
    """Personal fields that still stand beside their digests."""
    erased: int = 0
    """Personal fields of which only the digest is left."""
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults

    def blame(self, check: str, row: object, zh: str, en: str) -> None:
        self.faults.append(Fault(check, str(row), zh, en))


Check = Callable[[Connection, int, Verification], None]
"""Looks at one book where the journal does not: what it finds wrong, it blames."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Everything a book is checked against."""

    book: int
    code: str
    chart: Chart
    templates: Templates
    tables: tuple[type[EventRow], ...]
    """Every attested table."""
    laws: tuple[Law, ...]
    recompute: Recompute
    checks: tuple[Check, ...] = ()
    """What others keep beside the chain."""

    def verify(
        self, connection: Connection, anchors: Sequence[Json], progress: Progress = lambda _d, _t: None
    ) -> Verification:
        """Check the whole book.

        Args:
            connection: in a read-only transaction with one snapshot, as a role that sees every row.
            anchors: the lines of the anchors file.
            progress: called with commands checked and commands in all.
        """
        found = Verification()
        self._chain(connection, found, progress)
        self._counts(connection, found)
        self._anchors(connection, found, anchors)
        self._shape(connection, found)
        self._declared(connection, found)
        self._laws(connection, found)
        self._calculations(connection, found)
        for check in self.checks:
            check(connection, self.book, found)
        return found

    # -- the chain -----------------------------------------------------------------------------------------------------

    def _chain(self, connection: Connection, found: Verification, progress: Progress) -> None:
        ((total,),) = run(connection, "SELECT count(*) FROM command WHERE book = %s", [self.book])
        replay = Replay(connection, self.book, self.code, self.tables)
        previous: Block | None = None
        blocks: dict[int, Block] = {}
        for number, commands in _by_block(replay.all()):
            if number not in blocks:
                page = blocks_between(connection, self.book, number, number + BLOCKS_AT_ONCE - 1)
                blocks = {block.number: block for block in page}
            if number not in blocks:
                found.blame(
                    "chain",
                    f"block {number}",
                    f"缺失；有 {len(commands)} 条命令称在其中",
                    f"is missing; {len(commands)} commands say they are in it",
                )
                continue
            previous = self._block(found, blocks[number], previous, commands)
            found.commands += len(commands)
            progress(found.commands, total)

    def _block(self, found: Verification, block: Block, previous: Block | None, commands: list[Replayed]) -> Block:
        name = f"block {block.number}"
        found.blocks += 1
        last_number, last_hash, last_seq = (
            (previous.number, previous.hash, previous.last_seq) if previous else (0, GENESIS, 0)
        )
        if block.number != last_number + 1:
            found.blame("chain", name, f"前一块却是第 {last_number} 块", f"follows block {last_number}")
        if block.previous_hash != last_hash:
            found.blame("chain", name, "所记的前一块哈希不符", "does not name the hash of the block before")
        if previous and block.recorded_at < previous.recorded_at:
            found.blame("chain", name, "入账时刻早于前一块", "was recorded before the block before it")
        if block.hash_version != HASH_VERSION:
            found.blame(
                "chain", name, f"哈希版本 {block.hash_version} 未知", f"hash version {block.hash_version} is not known"
            )
        if block_hash(block.header(self.code)) != block.hash:
            found.blame("chain", name, "哈希与块头不符", "its hash is not the hash of its header")
        if (
            merkle_root([leaf_hash(command.leaf) for command in commands]) != block.merkle_root
            or len(commands) != block.leaves
        ):
            found.blame(
                "attested rows",
                name,
                f"默克尔根与其 {len(commands)} 条命令现有内容不符",
                f"its root is not that of its {len(commands)} commands as they now read",
            )
        if [command.position for command in commands] != list(range(len(commands))):
            found.blame("attested rows", name, "命令序号不连续", "its commands are not numbered one by one from nought")
        for command in commands:
            if command.unreadable:
                found.blame(
                    "attested rows", f"command {command.id}", f"内容无法读取：{command.unreadable}", command.unreadable
                )
        self._seqs(found, block, last_seq, commands)
        return block

    @staticmethod
    def _seqs(found: Verification, block: Block, last_seq: int, commands: list[Replayed]) -> None:
        seqs = [seq for command in commands for seq in command.seqs]
        if seqs != list(range(last_seq + 1, last_seq + 1 + len(seqs))):
            found.blame(
                "gapless seq",
                f"block {block.number}",
                f"凭证号未从第 {last_seq} 号起逐一相接",
                f"its entries do not follow entry {last_seq} one by one",
            )
        if (block.first_seq, block.last_seq) != (last_seq + 1, last_seq + len(seqs)):
            found.blame(
                "gapless seq",
                f"block {block.number}",
                f"自称含第 {block.first_seq} 至 {block.last_seq} 号凭证",
                f"says entries {block.first_seq} to {block.last_seq}",
            )
        for command in commands:
            for row in command.misplaced:
                found.blame(
                    "gapless seq",
                    row,
                    f"在命令 {command.id} 中次序不符",
                    f"stands out of its order in command {command.id}",
                )
        found.entries += len(seqs)
        found.transfers += sum(command.transfers for command in commands)

    def _counts(self, connection: Connection, found: Verification) -> None:
        """Nothing lies in an attested table that no command of the chain wrote."""
        for table in ["entry", *map(table_name, self.tables)]:
            for command, rows in run(
                connection,
                f"SELECT t.command, count(*) FROM {table} t "  # noqa: S608  our own tables
                "LEFT JOIN command c ON c.book = t.book AND c.id = t.command AND c.book = %s AND c.status = 'accepted' "
                "WHERE c.id IS NULL GROUP BY 1 LIMIT 20",
                [self.book],
            ):
                found.blame(
                    "attested rows",
                    f"{table} of command {command}",
                    f"有 {rows} 行并非任何已接受的命令所写",
                    f"{rows} rows that no accepted command wrote",
                )
        for name, seen, sql in (
            ("transfer", found.transfers, "SELECT count(*) FROM transfer"),
            ("block", found.blocks, "SELECT count(*) FROM block"),
            ("command", found.commands, "SELECT count(*) FROM command"),
        ):
            ((there,),) = run(connection, sql)
            if there != seen:
                found.blame(
                    "attested rows",
                    name,
                    f"共 {there} 行，链上只有 {seen} 行",
                    f"{there} rows, of which {seen} are in the chain",
                )
        self._head(connection, found)

    def _head(self, connection: Connection, found: Verification) -> None:
        """The book says where its chain ends."""
        rows = run(
            connection,
            "SELECT code, last_block, last_seq, last_hash, last_recorded_at FROM book WHERE id = %s",
            [self.book],
        )
        if not rows:
            found.blame("head", f"book {self.code}", "缺失", "is missing")
            return
        code, last_block, last_seq, last_hash, last_recorded_at = rows[0]
        head = block_at(connection, self.book, None)
        standing = (head.number, head.last_seq, head.hash, head.recorded_at) if head else (0, 0, GENESIS, EPOCH)
        if (code, last_block, last_seq, bytes(last_hash), last_recorded_at) != (self.code, *standing):
            found.blame(
                "head",
                f"book {self.code}",
                f"自称 {code}，到第 {last_block} 块、第 {last_seq} 号凭证（{last_recorded_at}）；"
                f"链却止于第 {standing[0]} 块、第 {standing[1]} 号凭证（{standing[3]}）",
                f"says it is {code}, at block {last_block}, entry {last_seq}, {last_recorded_at}; "
                f"its chain ends at block {standing[0]}, entry {standing[1]}, {standing[3]}",
            )

    def _anchors(self, connection: Connection, found: Verification, anchors: Sequence[Json]) -> None:
        keys = {anchor["public_key"] for anchor in anchors}
        if len(keys) > 1:
            found.blame(
                "anchors",
                "public key",
                f"本账簿的锚定由 {len(keys)} 个不同密钥签名",
                f"{len(keys)} different keys signed heads of this book",
            )
        for anchor in anchors:
            name = f"anchor of block {anchor['block']}"
            if not _signed(anchor):
                found.blame("anchors", name, "签名不成立", "its signature does not hold")
            if anchor["book"] != self.code:
                continue
            found.anchors += 1
            block = block_at(connection, self.book, anchor["block"])
            if block is None:
                found.blame("anchors", name, "该块已不在：链尾被截去", "the block is gone: the tail was cut off")
            elif (block.hash.hex(), block.last_seq) != (anchor["hash"], anchor["last_seq"]):
                found.blame("anchors", name, "该块不是当时签名的那一块", "the block is not the one that was signed")

    # -- shape and sums ------------------------------------------------------------------------------------------------

    def _shape(self, connection: Connection, found: Verification) -> None:
        for law in SHAPE:
            self._law(connection, found, law)

    def _laws(self, connection: Connection, found: Verification) -> None:
        for law in self.laws:
            self._law(connection, found, law)

    def _law(self, connection: Connection, found: Verification, law: Law) -> None:
        rows = run(connection, law.breaches, {"book": self.book})
        for row, *figures in rows[:FAULTS_SHOWN]:
            shown = f" ({', '.join(map(str, figures))})" if figures else ""
            found.blame(law.name, row, f"不符合“{law.zh}”{shown}", law.en + shown)
        if len(rows) > FAULTS_SHOWN:
            found.blame(law.name, f"+ {len(rows) - FAULTS_SHOWN}", f"不符合“{law.zh}”", law.en)

    def _declared(self, connection: Connection, found: Verification) -> None:
        """Every account is a line of the chart as it was declared; every transfer a flow of its entry's template."""
        classes: dict[int, str] = {}
        for id_, address, *columns in run(
            connection,
            "SELECT id, address, asset, side, type, normal, government_code, may_overdraw, hot FROM account "
            "WHERE book = %s",
            [self.book],
        ):
            of = self.chart.class_of(address)
            shape = of.address_shape.fullmatch(address) if of else None
            if of is None or shape is None:
                found.blame("chart", address, "科目表中没有此类账户", "the chart has no such line")
                continue
            asset = of.asset_at(shape.groupdict())
            declared = [asset.code, of.side, of.type, of.normal, of.government_code, of.may_overdraw, of.hot]
            if columns != declared:
                found.blame(
                    "chart", address, f"现为 {columns}，科目表为 {declared}", f"is {columns}, declared as {declared}"
                )
            classes[id_] = of.pattern
        flows = {
            (template.name, flow.debit.pattern, flow.credit.pattern)
            for template in self.templates.by_name.values()
            for flow in template.flows
        }
        for template, reverses, debit, credit, seq in run(
            connection,
            "SELECT e.template, e.reverses IS NOT NULL, t.debit, t.credit, min(t.seq) FROM transfer t "
            "JOIN entry e ON e.book = t.book AND e.seq = t.seq WHERE t.book = %s GROUP BY 1, 2, 3, 4",
            [self.book],
        ):
            pair = (classes.get(debit, ""), classes.get(credit, ""))
            if (template, *(reversed(pair) if reverses else pair)) not in flows:
                found.blame(
                    "templates",
                    f"entry {seq}",
                    f"模板 {template} 不允许由 {pair[1]} 转入 {pair[0]}",
                    f"{template} does not move {pair[1]} to {pair[0]}",
                )

    def _calculations(self, connection: Connection, found: Verification) -> None:
        for id_, policy, fact_on, known_on, version, synthetic, facts, result, derivation, digest in run(
            connection,
            "SELECT id, policy, fact_on, known_on, version, synthetic, facts, result, derivation, derivation_hash "
            "FROM calculation WHERE book = %s ORDER BY id",
            [self.book],
        ):
            found.calculations += 1
            differing = self.recompute(
                {
                    "policy": policy,
                    "on": fact_on.isoformat(),
                    "known_on": known_on.isoformat(),
                    "version": version,
                    "synthetic": synthetic,
                    "facts": facts,
                    "result": result,
                    "derivation": derivation,
                    "derivation_hash": bytes(digest).hex(),
                }
            )
            if differing:
                found.blame(
                    "calculations",
                    f"{policy} {id_}",
                    f"重新计算后不同的字段：{', '.join(differing)}",
                    f"computed again, these differ: {', '.join(differing)}",
                )


def _by_block(pages: Iterable[list[Replayed]]) -> Iterator[tuple[int, list[Replayed]]]:
    stream = (command for page in pages for command in page)
    for number, commands in groupby(stream, key=lambda command: command.block):
        yield number, list(commands)


def _signed(anchor: Json) -> bool:
    try:
        return signature_holds(
            bytes.fromhex(anchor["public_key"]), anchor_message(anchor), bytes.fromhex(anchor["signature"])
        )
    except (ValueError, KeyError, TypeError):
        return False
