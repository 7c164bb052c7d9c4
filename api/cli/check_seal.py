"""`vledger check-seal`: is a sealed document still what was sealed, and by whom."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import AsJson, in_language
from ledger.errors import Invalid
from ledger.journal.attestation import plain
from ledger.reports.pdf.seal import CERTIFICATE_VARIABLE, NoPdf, SealState, Verdict, verdict

_WORDS = {
    SealState.INTACT: ("签章有效，文件未被改动", "the seal holds: the document is what was sealed"),
    SealState.TAMPERED: ("文件在签章之后被改动", "the document is NOT what was sealed"),
    SealState.UNTRUSTED: (
        "文件未被改动，但签章证书不受信任",
        "unchanged, but the certificate is not trusted",
    ),
    SealState.NONE: ("没有签章", "there is no seal"),
}


class CertificateMissing(Invalid):
    zh = "请用 --cert 或环境变量 {variable} 指明受信任的证书。"
    en = "Name the trusted certificate with --cert or {variable}."


def check_seal(
    files: Annotated[list[Path], typer.Argument(help="Sealed PDF files.  已签章的 PDF 文件")],
    cert: Annotated[
        Path | None,
        typer.Option(help="Trusted certificate, PEM or DER (default: $LEDGER_SEAL_CERT).  受信任的证书"),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Whether sealed paper is still what was sealed; it needs no books.  核验电子签章."""
    chosen = cert or (Path(named) if (named := os.environ.get(CERTIFICATE_VARIABLE)) else None)
    if chosen is None:
        raise CertificateMissing(variable=CERTIFICATE_VARIABLE)
    found = {path: _of(path, chosen.expanduser()) for path in files}
    if as_json:
        rows = [{"file": str(p), "state": v.state, "by": v.by, "at": v.at} for p, v in found.items()]
        print(json.dumps(plain({"files": rows}), ensure_ascii=False))
    else:
        for path, one in found.items():
            zh, en = _WORDS[one.state]
            at = f"{one.at:%Y-%m-%d %H:%M:%S %Z}" if one.at else ""
            print("  ".join(part for part in (str(path), in_language(zh=zh, en=en), one.by, at) if part))
    if any(one.state is not SealState.INTACT for one in found.values()):
        sys.exit(1)


def _of(path: Path, certificate: Path) -> Verdict:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NoPdf(path=path) from error
    return verdict(data, certificate, str(path))
