#!/usr/bin/env python3
"""Check a receipt of the books, or a bundle of evidence, offline.

    python3 verify_receipt.py RECEIPT.json ANCHORS [--public-key HEX]
    python3 verify_receipt.py BUNDLE.json ANCHORS [--public-key HEX]

This one file needs Python's standard library and nothing else: an auditor copies it beside a receipt and the anchors.
The books themselves use these same definitions, so what is checked here is what was written there.

What a receipt proves: its leaf (one command: request, answer, every row and entry it wrote) is in the block it names,
the entry of that number is one of the leaf's, the block is in the chain, and the chain leads to a head that was signed
and kept outside the database. A bundle proves the same of each command it holds, that every use it lists stands in the
command it names with these minutes, and that it was signed as a whole.

Definitions, version 1. `canonical` is JSON with sorted keys, no white space, UTF-8, integers only.
    leaf    SHA-256(00 "vledger:leaf:1:" canonical(leaf))
    node    SHA-256(01 left right), the tree of RFC 6962: the left side holds the largest power of two below the size
    block   SHA-256("vledger:block:1:" canonical(header)), the header naming the hash of the block before
    anchor  Ed25519 over "vledger:anchor:1:" canonical({book, block, last_seq, recorded_at, hash})
    bundle  Ed25519 over "vledger:bundle:1:" canonical(the bundle without its signature)
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

HASH_VERSION = 1
BUNDLE_VERSION = 1
RECEIPT_VERSION = 1
ANCHORED = ("book", "block", "last_seq", "recorded_at", "hash")
HEADER = (
    "book",
    "number",
    "first_seq",
    "last_seq",
    "leaves",
    "recorded_at",
    "merkle_root",
    "previous_hash",
    "hash_version",
)


# -- hashes ------------------------------------------------------------------------------------------------------------


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: object) -> bytes:
    """The one way a value is written before it is hashed: every string is delimited, so no two values look alike."""
    return _CANONICAL.encode(value).encode()


def leaf_hash(leaf: object) -> bytes:
    return hashlib.sha256(b"\x00vledger:leaf:1:" + canonical(leaf)).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes; a block has at least one."""
    row = list(leaves)
    while len(row) > 1:
        odd = [row[-1]] if len(row) % 2 else []
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)] + odd
    return row[0]


def merkle_path(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The neighbours needed to get from one leaf to the root, from the leaf upwards."""
    path, row, at = [], list(leaves), position
    while len(row) > 1:
        if at ^ 1 < len(row):
            path.append(row[at ^ 1])
        odd = [row[-1]] if len(row) % 2 else []
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)] + odd
        at //= 2
    return path


def root_from_path(leaf: bytes, position: int, leaves: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its neighbours lead to; None when the path does not fit the tree."""
    if not 0 <= position < leaves:
        return None
    at, width, found, rest = position, leaves, leaf, list(path)
    while width > 1:
        if at ^ 1 < width:
            if not rest:
                return None
            neighbour = rest.pop(0)
            found = node_hash(neighbour, found) if at % 2 else node_hash(found, neighbour)
        at, width = at // 2, (width + 1) // 2
    return None if rest else found


def block_hash(header: dict[str, Any]) -> bytes:
    return hashlib.sha256(b"vledger:block:1:" + canonical({name: header[name] for name in HEADER})).digest()


def anchor_message(anchor: dict[str, Any]) -> bytes:
    return b"vledger:anchor:1:" + canonical({name: anchor[name] for name in ANCHORED})


# -- Ed25519, verification only (RFC 8032, 5.1.7), with extended coordinates -------------------------------------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_SQRT_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]


def _decode_point(data: bytes) -> _Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        return None
    x2 = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(x2, (_P + 3) // 8, _P)
    if (x * x - x2) % _P:
        x = x * _SQRT_MINUS_ONE % _P
    if (x * x - x2) % _P or (x == 0 and sign):
        return None
    x = _P - x if x % 2 != sign else x
    return x, y, 1, x * y % _P


def _add(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _multiply(scalar: int, point: _Point) -> _Point:
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point, scalar = _add(point, point), scalar >> 1
    return total


_BASE = _decode_point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def signature_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is by this key over this message."""
    if len(public_key) != 32 or len(signature) != 64 or _BASE is None:  # noqa: PLR2004  sizes of RFC 8032
        return False
    key, commitment = _decode_point(public_key), _decode_point(signature[:32])
    response = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or response >= _L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % _L
    left, right = _multiply(response, _BASE), _add(commitment, _multiply(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (left[1] * right[2] - right[1] * left[2]) % _P == 0


# -- receipts ----------------------------------------------------------------------------------------------------------


class ReceiptRejected(Exception):
    """The receipt does not prove what it says; the text says where it breaks."""


def check_receipt(
    receipt: dict[str, Any], anchors: list[dict[str, Any]], public_key: str | None = None
) -> dict[str, Any]:
    """The anchor that a receipt leads to.

    Args:
        receipt: the parsed receipt.
        anchors: the parsed lines of the anchors file.
        public_key: hex of the key the caller trusts; without it, the one key that every anchor of the file names.

    Raises:
        ReceiptRejected: with the step that fails.
    """
    if receipt["version"] != RECEIPT_VERSION:
        raise ReceiptRejected(f"This is a receipt of version {receipt['version']}; version {RECEIPT_VERSION} is known.")
    if not receipt["blocks"]:
        raise ReceiptRejected("The receipt names no block.")
    anchor = _led_to(receipt, anchors, public_key)
    if receipt["entry"] not in seqs_of(receipt):
        own = receipt["blocks"][0]["number"]
        raise ReceiptRejected(f"Entry {receipt['entry']} is not one of this command's in block {own}.")
    return anchor


def _led_to(receipt: dict[str, Any], anchors: list[dict[str, Any]], public_key: str | None) -> dict[str, Any]:
    """The anchor that a leaf leads to, by its path and the blocks after its own."""
    blocks = receipt["blocks"]
    own = blocks[0]
    root = root_from_path(
        leaf_hash(receipt["leaf"]),
        receipt["position"],
        own["leaves"],
        [bytes.fromhex(step) for step in receipt["path"]],
    )
    if root is None or root.hex() != own["merkle_root"]:
        raise ReceiptRejected(f"The leaf is not in block {own['number']}: its path does not lead to the block's root.")
    for before, block in pairwise(blocks):
        if block["previous_hash"] != block_hash(before).hex() or block["number"] != before["number"] + 1:
            raise ReceiptRejected(f"Block {block['number']} does not follow block {before['number']}.")
        if block["book"] != own["book"]:
            raise ReceiptRejected(f"Block {block['number']} belongs to another book.")
    head = blocks[-1]
    for anchor in anchors:
        if anchor["book"] == head["book"] and anchor["block"] == head["number"]:
            _check_anchor(anchor, head, public_key or _one_key(anchors))
            return anchor
    raise ReceiptRejected(f"The anchors hold no signed head for block {head['number']}.")


def bundle_message(bundle: dict[str, Any]) -> bytes:
    """What the signature of a bundle is over."""
    return b"vledger:bundle:1:" + canonical({name: bundle[name] for name in bundle if name != "signature"})


def check_bundle(
    bundle: dict[str, Any], anchors: list[dict[str, Any]], public_key: str | None = None
) -> list[dict[str, Any]]:
    """The receipts that a bundle of evidence holds, each checked, and every listed use with its receipt.

    Args:
        bundle: the parsed bundle.
        anchors: the parsed lines of the anchors file.
        public_key: hex of the key the caller trusts; without it, the one key that every anchor of the file names.

    Raises:
        ReceiptRejected: with the step that fails.
    """
    if bundle["version"] != BUNDLE_VERSION:
        raise ReceiptRejected(f"This is a bundle of version {bundle['version']}; version {BUNDLE_VERSION} is known.")
    key = public_key or _one_key(anchors)
    if bundle["public_key"] != key:
        raise ReceiptRejected(f"The bundle is by another key: {bundle['public_key']}.")
    if not signature_holds(bytes.fromhex(key), bundle_message(bundle), bytes.fromhex(bundle["signature"])):
        raise ReceiptRejected("The signature of the bundle does not hold: something in it is not as it was signed.")
    headers = {block["number"]: block for block in bundle["blocks"]}
    receipts = [_receipt_in(proof, headers) for proof in bundle["proofs"]]
    for receipt in receipts:
        _led_to(receipt, anchors, key)
    written = {str(receipt["leaf"]["command"]["id"]): receipt["leaf"]["rows"] for receipt in receipts}
    unproved = {command for group in ("withheld", "waiting") for command in bundle[group]}
    for use in bundle["uses"]:
        if use["command"] not in unproved and not _stands_in(use, written.get(use["command"], [])):
            raise ReceiptRejected(f"Use {use['use']} does not stand in the command that it names with these facts.")
    return receipts


def _receipt_in(proof: dict[str, Any], headers: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """A receipt as it stands alone; the bundle keeps each block once."""
    blocks = [headers[number] for number in range(proof["block"], proof["anchored_at"] + 1)]
    return {"blocks": blocks} | {name: proof[name] for name in ("leaf", "position", "path")}


def _stands_in(use: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
    """Whether a command wrote a record of use with these facts."""
    said = {"number": "use", "instrument": "instrument", "used_by": "user", "started_at": "started_at"}
    return any(
        row["table"] == "fee_use"
        and row["values"]["minutes"] == use["minutes"]
        and all(row["values"][column] == use[name] for column, name in said.items())
        for row in rows
    )


def describe_bundle(bundle: dict[str, Any], receipts: Sequence[dict[str, Any]]) -> str:
    """What was proved, for a person."""
    proved = {str(receipt["leaf"]["command"]["id"]) for receipt in receipts}
    uses = [use for use in bundle["uses"] if use["command"] in proved]
    minutes = sum(use["minutes"] for use in uses)
    lines = (
        f"The bundle holds. Instrument {bundle['instrument']}, {bundle['since']} to {bundle['until']}.",
        f"{len(uses)} of {len(bundle['uses'])} uses are proved, with {minutes} minutes.",
        f"{len(receipts)} commands are proved.",
        f"{len(bundle['withheld'])} are withheld, for they tell of other instruments too.",
        f"{len(bundle['waiting'])} are in no signed block yet.",
    )
    return "\n".join(lines)


def seqs_of(receipt: dict[str, Any]) -> list[int]:
    """Numbers of the entries in a receipt's leaf."""
    return [receipt["blocks"][0]["first_seq"] + entry["place"] for entry in receipt["leaf"]["entries"]]


def _one_key(anchors: list[dict[str, Any]]) -> str:
    keys = sorted({str(anchor["public_key"]) for anchor in anchors})
    if len(keys) > 1:
        raise ReceiptRejected(f"The anchors are by {len(keys)} keys; name the one you trust: {', '.join(keys)}.")
    return keys[0]


def _check_anchor(anchor: dict[str, Any], head: dict[str, Any], public_key: str) -> None:
    if anchor["hash"] != block_hash(head).hex():
        raise ReceiptRejected(f"The signed head of block {anchor['block']} is not the head this receipt leads to.")
    if anchor["public_key"] != public_key:
        raise ReceiptRejected(f"The anchor of block {anchor['block']} is by another key: {anchor['public_key']}.")
    if not signature_holds(bytes.fromhex(public_key), anchor_message(anchor), bytes.fromhex(anchor["signature"])):
        raise ReceiptRejected(f"The signature on the anchor of block {anchor['block']} does not hold.")


def describe(receipt: dict[str, Any], anchor: dict[str, Any]) -> str:
    """What was proved, for a person."""
    leaf, own = receipt["leaf"], receipt["blocks"][0]
    command = leaf["command"]
    lines = [
        f"The receipt holds. Book {own['book']}, command {command['kind']} by {command['actor']}: {command['status']}.",
        f"In block {own['number']} (entries {own['first_seq']} to {own['last_seq']}), recorded {own['recorded_at']}.",
    ]
    for seq, entry in zip(seqs_of(receipt), leaf["entries"], strict=True):
        lines.append(f"  entry {seq}  {entry['effective_on']}  {entry['template']}  {entry['citation']}".rstrip())
        lines += [
            f"    debit {debit}  credit {credit}  {amount} {asset}"
            for debit, credit, asset, amount, _ in entry["transfers"]
        ]
    lines.append(f"Signed head: block {anchor['block']}, {anchor['recorded_at']}, key {anchor['public_key']}.")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """0: the receipt holds; 1: it does not; 2: it cannot be read."""
    key = None
    if len(arguments) == 4 and arguments[2] == "--public-key":  # noqa: PLR2004  RECEIPT ANCHORS --public-key HEX
        key, arguments = arguments[3], arguments[:2]
    if len(arguments) != 2:  # noqa: PLR2004  RECEIPT ANCHORS
        print("usage: verify_receipt.py RECEIPT.json ANCHORS [--public-key HEX]", file=sys.stderr)
        return 2
    try:
        receipt = json.loads(Path(arguments[0]).read_text("utf-8"))
        anchors = [json.loads(line) for line in Path(arguments[1]).read_text("utf-8").splitlines() if line.strip()]
        if "proofs" in receipt:
            print(describe_bundle(receipt, check_bundle(receipt, anchors, key)))
        else:
            print(describe(receipt, check_receipt(receipt, anchors, key)))
    except ReceiptRejected as rejected:
        print(rejected, file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        print(f"This cannot be read as a receipt with its anchors: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
