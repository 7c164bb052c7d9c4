"""XML as a tree of local names: no document type, so no entities and nothing fetched; nothing too deep.  (pure)

The parser is the standard library's expat. It is handed every part, and stops at the first that a statement never has.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ledger.errors import Invalid
from ledger.payments.bank.reading import NotAStatement

DEPTH_MAX = 64
"""A statement of ISO 20022 is about twenty deep."""
NODES_MAX = 200_000
"""Elements: more than the longest statement that is taken in has."""
TEXT_LENGTH_MAX = 20_000
"""Of one element, in characters."""
_BETWEEN = "\x1f"
"""Between namespace and local name; no XML holds it."""
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}encoding=[\"'](GBK|GB2312|GB18030)[\"']", re.IGNORECASE)
"""Encodings that expat does not know and Chinese banks write."""


class DocumentTypeRefused(Invalid):
    zh = "XML 文件含有文档类型声明（DOCTYPE），为安全起见不予读取。请向银行索取不含 DOCTYPE 的文件。"
    en = "The XML has a document type (DOCTYPE) and is not read, to be safe. Ask the bank for a file without one."


@dataclass(slots=True)
class Node:
    """An element by its local name."""

    name: str
    namespace: str
    attributes: dict[str, str]
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    def all(self, path: str) -> Iterator["Node"]:
        """Every element at the end of a path of names."""
        first, _, rest = path.partition("/")
        for child in self.children:
            if child.name == first:
                yield from child.all(rest) if rest else (child,)

    def first(self, *paths: str) -> "Node | None":
        """The first element at the first of these paths that leads to one."""
        return next((node for path in paths for node in self.all(path)), None)

    def said(self, *paths: str) -> str:
        """The text there; empty where there is none."""
        return next((node.text.strip() for path in paths for node in self.all(path) if node.text.strip()), "")


def parse(data: bytes) -> Node:
    """The root element.

    Raises:
        DocumentTypeRefused: it declares a document type.
        NotAStatement: it is not well formed, or too deep.
    """
    data, encoding = _as_expat_reads_it(data)
    parser = expat.ParserCreate(encoding, _BETWEEN)
    open_nodes: list[Node] = []
    roots: list[Node] = []
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > NODES_MAX:
            raise NotAStatement(reason=f"XML > {NODES_MAX}")
        namespace, _, local = name.rpartition(_BETWEEN)
        node = Node(local, namespace, attributes)
        (open_nodes[-1].children if open_nodes else roots).append(node)
        open_nodes.append(node)
        if len(open_nodes) > DEPTH_MAX:
            raise NotAStatement(reason=f"XML > {DEPTH_MAX}")

    def text(some: str) -> None:
        if len(open_nodes[-1].text) + len(some) > TEXT_LENGTH_MAX:
            raise NotAStatement(reason=f"{open_nodes[-1].name} > {TEXT_LENGTH_MAX}")
        open_nodes[-1].text += some

    def refuse(*_: object) -> None:
        raise DocumentTypeRefused

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_nodes.pop()
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003  expat's word for the last part
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter two: encodings it does not know
        raise NotAStatement(reason=f"XML: {error}") from None
    return roots[0]


def _as_expat_reads_it(data: bytes) -> tuple[bytes, str | None]:
    """The same in UTF-8 where it declares an encoding that expat does not know; else as it is."""
    if _DECLARED.match(data):
        return data.decode("gb18030", errors="replace").encode(), "utf-8"
    return data, None
