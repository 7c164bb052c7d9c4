"""The seal on paper: the sealed bytes stay as they were, and whatever is changed afterwards is noticed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from certificates import pair
from hypothesis import given
from hypothesis import strategies as st
from reportlab.platypus import Paragraph

from ledger.reports.pdf.page import Head, print_pdf, styles
from ledger.reports.pdf.seal import (
    NoPdf,
    SealHalfSet,
    SealState,
    SealUnreadable,
    configured_seal,
    verdict,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seal")


@pytest.fixture(scope="module")
def own(folder: Path) -> tuple[Path, Path]:
    return pair(folder, "bureau")


@pytest.fixture(scope="module")
def document() -> bytes:
    head = Head(title="审批表", document_number="1", hash="0" * 64, synthetic=True, language="zh")
    return print_pdf(head, lambda font: [Paragraph("补贴合计 1,464,605.34 元", styles(font)["body"])])


@pytest.fixture(scope="module")
def sealed(document: bytes, own: tuple[Path, Path]) -> Iterator[bytes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEDGER_SEAL_CERT", str(own[0]))
        patch.setenv("LEDGER_SEAL_KEY", str(own[1]))
        found = configured_seal()
        assert found is not None
        yield found(document)


def test_a_seal_is_added_behind_the_document(document: bytes, sealed: bytes, own: tuple[Path, Path]) -> None:
    found = verdict(sealed, own[0])

    assert sealed.startswith(document)
    assert (found.state, found.by) == (SealState.INTACT, "Common Name: bureau")
    assert found.at is not None


def test_nothing_is_sealed_where_no_seal_is_configured(
    document: bytes, own: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEDGER_SEAL_CERT", raising=False)
    monkeypatch.delenv("LEDGER_SEAL_KEY", raising=False)

    assert configured_seal() is None
    assert verdict(document, own[0]).state is SealState.NONE


def test_a_certificate_that_is_not_trusted_is_said_to_be(sealed: bytes, folder: Path) -> None:
    other, _ = pair(folder, "stranger")

    assert verdict(sealed, other).state is SealState.UNTRUSTED


@given(data=st.data())
def test_one_changed_byte_under_the_seal_is_noticed(
    data: st.DataObject, document: bytes, sealed: bytes, own: tuple[Path, Path]
) -> None:
    place = data.draw(st.integers(0, len(document) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    changed = sealed[:place] + bytes([sealed[place] ^ bit]) + sealed[place + 1 :]

    try:
        found = verdict(changed, own[0]).state
    except NoPdf:
        return  # so damaged that nobody takes it for a document
    assert found is not SealState.INTACT


def test_what_is_added_behind_the_seal_is_noticed(sealed: bytes, own: tuple[Path, Path]) -> None:
    assert verdict(sealed + b"\n% 1,999,999.99\n", own[0]).state is SealState.TAMPERED


@pytest.mark.parametrize("data", [b"", b"abc", b"%PDF-1.4\n%%EOF\n"])
def test_what_is_no_pdf_is_named(data: bytes, own: tuple[Path, Path]) -> None:
    with pytest.raises(NoPdf, match="list"):
        verdict(data, own[0], "list")


def test_a_seal_that_cannot_be_used_is_refused_before_anything_is_printed(
    own: tuple[Path, Path], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, key = pair(folder, "another")
    monkeypatch.setenv("LEDGER_SEAL_CERT", str(own[0]))
    monkeypatch.delenv("LEDGER_SEAL_KEY", raising=False)
    with pytest.raises(SealHalfSet, match="LEDGER_SEAL_KEY is not"):
        configured_seal()
    monkeypatch.setenv("LEDGER_SEAL_KEY", str(key))
    with pytest.raises(SealUnreadable, match="another certificate"):
        configured_seal()
    monkeypatch.setenv("LEDGER_SEAL_KEY", str(folder / "none.key"))
    with pytest.raises(SealUnreadable):
        configured_seal()
    (folder / "text.key").write_text("no key")
    monkeypatch.setenv("LEDGER_SEAL_KEY", str(folder / "text.key"))
    with pytest.raises(SealUnreadable):
        configured_seal()
