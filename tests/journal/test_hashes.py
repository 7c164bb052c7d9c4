"""The hashes of the chain: canonical JSON, the tree of RFC 6962, the signatures of RFC 8032."""

import hashlib
import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.journal.attestation import command_leaf, plain
from ledger.journal.verify_receipt import (
    HEADER,
    block_hash,
    canonical,
    leaf_hash,
    merkle_path,
    merkle_root,
    root_from_path,
    signature_holds,
)

# -- canonical JSON ----------------------------------------------------------------------------------------------------

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = st.none() | st.booleans() | st.integers() | text
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4), max_leaves=12
)


def as_written(value: object) -> str:
    """Tells True from 1, which Python's own comparison does not, and forgets the order of keys."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{as_written(value[key])}" for key in sorted(value)) + "}"
    return "[" + ",".join(map(as_written, value)) + "]" if isinstance(value, list) else repr(value)


@given(json_values, json_values)
def test_two_values_look_alike_only_when_they_are_the_same(one: object, other: object) -> None:
    assert as_written(json.loads(canonical(one))) == as_written(one)
    assert (canonical(one) == canonical(other)) == (as_written(one) == as_written(other))


@given(st.dictionaries(text, json_values, min_size=2))
def test_the_order_of_keys_says_nothing(value: dict[str, object]) -> None:
    assert canonical(value) == canonical(dict(reversed(value.items())))


def test_canonical_json_is_short_sorted_utf_8() -> None:
    written = canonical({"b": 1, "a": ["王", None, True], "é": '\n\\"'})

    assert written == '{"a":["王",null,true],"b":1,"é":"\\n\\\\\\""}'.encode()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_json_number_has_no_canonical_form(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical(value)


def test_columns_become_plain_values() -> None:
    noon = datetime(2017, 3, 1, 12, 0, 0, 5, UTC)
    shanghai = noon.astimezone(timezone(timedelta(hours=8)))

    assert plain(noon) == plain(shanghai) == "2017-03-01T12:00:00.000005+00:00"
    assert plain(date(2017, 3, 1)) == "2017-03-01"
    assert plain(UUID(int=1)) == "00000000-0000-0000-0000-000000000001"
    assert plain(b"\x00\xff") == plain(memoryview(b"\x00\xff")) == "00ff"
    assert plain({1: (b"\x01", None, True)}) == {"1": ["01", None, True]}


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, {1, 2}, object(), datetime(2017, 3, 1, 12)])  # noqa: DTZ001  that is the point
def test_what_has_no_exact_form_has_no_place_in_an_attested_row(value: object) -> None:
    with pytest.raises(TypeError):
        plain(value)


@given(st.permutations([{"table": t, "values": {"code": c}} for t in ("a", "b") for c in ("x", "y", "z")]))
def test_the_order_in_which_rows_are_read_back_does_not_change_a_leaf(rows: list[dict[str, Any]]) -> None:
    leaf = command_leaf("main", {"id": UUID(int=1)}, rows, [])

    assert leaf == command_leaf("main", {"id": UUID(int=1)}, sorted(rows, key=str), [])


# -- the tree ----------------------------------------------------------------------------------------------------------


def rfc_6962_root(inputs: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, as the text has it."""
    n = len(inputs)
    if n == 1:
        return hashlib.sha256(b"\x00" + inputs[0]).digest()
    k = 1
    while k * 2 < n:
        k *= 2
    return hashlib.sha256(b"\x01" + rfc_6962_root(inputs[:k]) + rfc_6962_root(inputs[k:])).digest()


def rfc_6962_path(m: int, inputs: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    n = len(inputs)
    if n == 1:
        return []
    k = 1
    while k * 2 < n:
        k *= 2
    if m < k:
        return [*rfc_6962_path(m, inputs[:k]), rfc_6962_root(inputs[k:])]
    return [*rfc_6962_path(m - k, inputs[k:]), rfc_6962_root(inputs[:k])]


def tree(size: int) -> tuple[list[bytes], list[bytes]]:
    """Leaf inputs as RFC 6962 has them, and their leaf hashes as we compute them."""
    inputs = [b'vledger:leaf:1:{"n":%d}' % n for n in range(size)]
    return inputs, [leaf_hash({"n": n}) for n in range(size)]


@pytest.mark.parametrize("size", range(1, 71))
def test_root_and_every_path_are_those_of_rfc_6962(size: int) -> None:
    inputs, leaves = tree(size)

    root = merkle_root(leaves)

    assert root == rfc_6962_root(inputs)
    for position, leaf in enumerate(leaves):
        path = merkle_path(leaves, position)
        assert path == rfc_6962_path(position, inputs)
        assert root_from_path(leaf, position, size, path) == root


@pytest.mark.parametrize("size", range(1, 71))
def test_no_altered_path_leads_to_the_root(size: int) -> None:
    _, leaves = tree(size)
    root = merkle_root(leaves)

    for position, leaf in enumerate(leaves):
        path = merkle_path(leaves, position)
        altered = [[*path[:i], bytes(b ^ 1 for b in step), *path[i + 1 :]] for i, step in enumerate(path)]
        shorter = [[*path[:i], *path[i + 1 :]] for i in range(len(path))]
        longer = [[*path[:i], leaf, *path[i:]] for i in range(len(path) + 1)]
        swapped = [[*path[:i], b, a, *path[i + 2 :]] for i, (a, b) in enumerate(pairwise(path))]
        for other in (*altered, *shorter, *longer, *swapped):
            assert root_from_path(leaf, position, size, other) != root
        for elsewhere in {*range(-size - 1, 0), *range(2 * size + 2)} - {position}:
            assert root_from_path(leaf, elsewhere, size, path) != root
        assert root_from_path(bytes(32), position, size, path) != root


def test_the_tree_gives_the_published_roots() -> None:
    """The inputs and roots that Certificate Transparency's own tests use."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest() for leaf in inputs]

    assert merkle_root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle_root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("name", HEADER)
def test_every_field_of_a_header_is_in_its_hash(name: str) -> None:
    header = dict.fromkeys(HEADER, 1)

    assert block_hash(header | {name: 2}) != block_hash(header)
    with pytest.raises(KeyError):
        block_hash({field: value for field, value in header.items() if field != name})


# -- signatures --------------------------------------------------------------------------------------------------------

RFC_8032 = {
    "test 1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    "test 2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    "test 3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    "test SHA(abc)": (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
            "454d4423643ce80e2a9ac94fa54ca49f"
        ),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
            "3dca179c138ac17ad9bef1177331a704"
        ),
    ),
}
ORDER = 2**252 + 27742317777372353535851937790883648493
PRIME = 2**255 - 19


@pytest.mark.parametrize("vector", RFC_8032)
def test_the_signatures_of_rfc_8032_hold(vector: str) -> None:
    key, message, signature = map(bytes.fromhex, RFC_8032[vector])

    assert signature_holds(key, message, signature)
    assert not signature_holds(key, message + b"\x00", signature)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
@settings(max_examples=40)
def test_a_signature_by_cryptography_holds(seed: bytes, message: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)

    assert signature_holds(key.public_key().public_bytes_raw(), message, key.sign(message))


@given(st.data(), st.binary(min_size=32, max_size=32), st.binary(min_size=1, max_size=60))
@settings(max_examples=60)
def test_one_flipped_bit_anywhere_breaks_it_as_it_does_for_cryptography(
    data: st.DataObject, seed: bytes, message: bytes
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    parts = [bytearray(public), bytearray(message), bytearray(signature)]
    part = data.draw(st.sampled_from(parts))
    bit = data.draw(st.integers(0, 8 * len(part) - 1))

    part[bit // 8] ^= 1 << bit % 8

    altered = [bytes(part) for part in parts]
    assert not signature_holds(*altered)
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(altered[0]).verify(altered[2], altered[1])


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
@settings(max_examples=20)
def test_another_key_does_not_hold(seed: bytes, other: bytes) -> None:
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(b"message")
    public = Ed25519PrivateKey.from_private_bytes(other).public_key().public_bytes_raw()

    assert signature_holds(public, b"message", signature) == (seed == other)


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=20)
def test_the_second_half_has_one_form_only(seed: bytes) -> None:
    """A response plus the group's order solves the same equation; RFC 8032 refuses it."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    signature = key.sign(b"message")
    response = int.from_bytes(signature[32:], "little") + ORDER

    again = signature[:32] + response.to_bytes(32, "little")

    assert not signature_holds(key.public_key().public_bytes_raw(), b"message", again)


def test_points_that_are_none_hold_nothing() -> None:
    key, message, signature = map(bytes.fromhex, RFC_8032["test 2"])
    no_points = {
        "y beyond the prime": (PRIME + 1).to_bytes(32, "little"),
        "no x for this y": (2).to_bytes(32, "little"),
        "minus nought": ((1 << 255) + 1).to_bytes(32, "little"),
        "too short": b"\x01" * 31,
        "too long": key + b"\x00",
        "nothing": b"",
    }

    for point in no_points.values():
        assert not signature_holds(point, message, signature)
        assert not signature_holds(key, message, point + signature[32:])
    for wrong in (signature[:63], signature + b"\x00", b""):
        assert not signature_holds(key, message, wrong)
