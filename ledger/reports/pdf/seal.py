"""An electronic seal on paper: an incremental update behind bytes that stay as they were, and its verdict later.

The certificate and its key are PEM files that `LEDGER_SEAL_CERT` and `LEDGER_SEAL_KEY` name. Where none is named
nothing is sealed. What is sealed is not the same bytes every time; what lies under the seal is.
"""

import io
import os
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from ledger.errors import Invalid

CERTIFICATE_VARIABLE, KEY_VARIABLE = "LEDGER_SEAL_CERT", "LEDGER_SEAL_KEY"
FIELD: Final = "VledgerSeal"
_UNREADABLE: Final = (PdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What the reader of PDF raises on a damaged file: it is written for files that are whole."""


class SealHalfSet(Invalid):
    zh = "{named} 已设置而 {missing} 没有。电子签章须同时有证书和私钥。"
    en = "{named} is set and {missing} is not. A seal takes both the certificate and its key."


class SealUnreadable(Invalid):
    zh = "电子签章的证书 {certificate} 或私钥 {key} 不能使用：{reason}。两者均须为 PEM 格式，私钥不加密且属于该证书。"
    en = (
        "The seal's certificate {certificate} or its key {key} cannot be used: {reason}. Both are PEM, the key is not "
        "encrypted, and it is the certificate's."
    )


class NoPdf(Invalid):
    zh = "{path} 不是可以读取的 PDF 文件。"
    en = "{path} is no PDF that can be read."


@dataclass(frozen=True, slots=True)
class Seal:
    """A certificate with its key."""

    signer: SimpleSigner

    def __call__(self, pdf: bytes) -> bytes:
        """The document with the seal behind it; its own bytes come first, unchanged."""
        written = io.BytesIO()
        metadata = PdfSignatureMetadata(field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
        sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer=self.signer, output=written)
        return written.getvalue()


def configured_seal() -> Seal | None:
    """The seal of this installation; None where there is none.

    Raises:
        SealHalfSet, SealUnreadable
    """
    certificate, key = os.environ.get(CERTIFICATE_VARIABLE, ""), os.environ.get(KEY_VARIABLE, "")
    if not certificate and not key:
        return None
    if not (certificate and key):
        named, missing = (CERTIFICATE_VARIABLE, KEY_VARIABLE) if certificate else (KEY_VARIABLE, CERTIFICATE_VARIABLE)
        raise SealHalfSet(named=named, missing=missing)
    paths = Path(certificate).expanduser(), Path(key).expanduser()
    try:
        public, private = (path.read_bytes() for path in paths)
        pair = load_pem_x509_certificate(public).public_key() == load_pem_private_key(private, None).public_key()
    except (OSError, ValueError, TypeError) as error:
        raise SealUnreadable(certificate=certificate, key=key, reason=error) from error
    if not pair:
        raise SealUnreadable(certificate=certificate, key=key, reason="the key is another certificate's")
    signer = SimpleSigner.load(str(paths[1]), str(paths[0]))  # type: ignore[no-untyped-call]  # the library's
    if signer is None:
        raise SealUnreadable(certificate=certificate, key=key, reason="it is a kind of key that does not sign")
    return Seal(signer)


class SealState(StrEnum):
    NONE = "none"
    """Nobody sealed it."""
    TAMPERED = "tampered"
    """It is not what was sealed: changed under the seal, or added behind it."""
    UNTRUSTED = "untrusted"
    """Intact, by a certificate that is none of those trusted."""
    INTACT = "intact"
    """As it was sealed, by a trusted certificate."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a seal says of a document."""

    state: SealState
    by: str = ""
    """Subject of the certificate."""
    at: datetime | None = None
    """As the sealing machine's clock said; no time stamp of anybody else."""


def verdict(pdf: bytes, certificate: Path, name: str = "PDF") -> Verdict:
    """Whether a document is what was sealed with a certificate, or with one that it issued.

    Args:
        pdf: the whole file.
        certificate: PEM or DER file of the certificate that is trusted.
        name: of the file, for the error.

    Raises:
        NoPdf: the file cannot be read as a PDF at all, sealed or not.
        SealUnreadable: the certificate cannot be read.
    """
    try:
        root = load_cert_from_pemder(str(certificate))  # type: ignore[no-untyped-call]  # the library's
        context = ValidationContext(trust_roots=[root], allow_fetching=False)
    except (OSError, ValueError) as error:
        raise SealUnreadable(certificate=certificate, key="—", reason=error) from error
    try:
        seals = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        by = str(seals[-1].signer_cert.subject.human_friendly) if seals else ""
    except _UNREADABLE as error:
        raise NoPdf(path=name) from error
    if not seals:
        return Verdict(SealState.NONE)
    try:
        found = validate_pdf_signature(seals[-1], signer_validation_context=context)
    except (SignatureValidationError, SigningError, *_UNREADABLE):
        return Verdict(SealState.TAMPERED, by)
    whole = found.coverage is SignatureCoverageLevel.ENTIRE_FILE
    if not (found.intact and found.valid and whole):
        return Verdict(SealState.TAMPERED, by, found.signer_reported_dt)
    return Verdict(SealState.INTACT if found.trusted else SealState.UNTRUSTED, by, found.signer_reported_dt)
