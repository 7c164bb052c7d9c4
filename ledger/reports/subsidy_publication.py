"""All files of one version of a subsidy: paper, lists, reference entries, open data, checksums."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.errors import Refused
from ledger.executor.reading import Reader
from ledger.journal.accounts import Chart
from ledger.payments.store import BATCHES as PAYMENT_BATCHES
from ledger.reports.pdf.subsidy import approval_sheet, unit_notice
from ledger.reports.subsidy import SubsidySheet, reference_lines, subsidy_sheet, transactions
from ledger.reports.subsidy_files import (
    award_list,
    checksums,
    difference_lines,
    open_data,
    payment_detail,
    reference_entries,
    top_up_lines,
)
from ledger.subsidies.store import BATCHES
from ledger.subsidies.values import BatchState, differences
from policies.kernel.errors import Language

CHECKSUMS = "SHA256SUMS"
_MADE = (2016, 12, 26, 0, 0, 0)
"""A fixed day, so that the same files give the same bytes."""


class FilesForBureaus(Refused):
    zh = "补贴批次 {batch} 的审批表、支付明细和参考分录只提供给主管部门和财政部门。已批准的补贴可在补贴额列表中查看。"
    en = (
        "Approval sheet, payment list and entries of batch {batch} are for commission and bureau. What has been "
        "awarded stands in the list of awards."
    )


@dataclass(frozen=True, slots=True)
class Publication:
    """Files by name; the checksums lie beside those that are listed."""

    listed: Mapping[str, bytes]

    @property
    def all(self) -> dict[str, bytes]:
        return {**self.listed, CHECKSUMS: checksums(self.listed)}

    def sealed(self, seal: Callable[[bytes], bytes] | None) -> "Publication":
        """With the seal on every PDF; as it is, where there is none."""
        if seal is None:
            return self
        return Publication({name: seal(data) if name.endswith(".pdf") else data for name, data in self.listed.items()})

    def zipped(self) -> bytes:
        """All of it in one file; the same bytes for the same files."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as folder:
            for name, data in sorted(self.all.items()):
                folder.writestr(zipfile.ZipInfo(name, _MADE), data, zipfile.ZIP_DEFLATED)
        return written.getvalue()


def published(
    reader: Reader,
    number: str,
    chart: Chart,
    language: Language = "zh",
    *,
    notices: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Publication:
    """Everything that is handed over or published of a batch; the same books give the same bytes.

    Reference entries name accounts as the chart does. Open data is of what finance has approved; before, there is none.

    Raises:
        NotFound: there is no such batch.
        FilesForBureaus: the reader sees a part of the books only, and would print a part of the sheet.
        GlyphMissing: a name cannot be printed.
    """
    sheet = subsidy_sheet(reader, number)
    if not reader.sees_everything:
        raise FilesForBureaus(batch=number)
    batch = sheet.batch
    stem = sheet.stem
    files: dict[str, bytes] = {
        f"{stem}-approval.pdf": approval_sheet(sheet, language, progress=progress),
        f"{stem}-awards.xlsx": award_list(sheet),
    }
    if notices:
        files |= {f"{stem}-{one.unit}.pdf": unit_notice(sheet, one.unit, language) for one in batch.awards}
    if batch.state in {BatchState.APPROVED, BatchState.PAID}:
        files[f"{stem}-entries.xlsx"] = reference_entries(reference_lines(reader, batch, chart), batch.operator)
        files |= {f"{stem}-{name}-payments.xlsx": data for name, data in _payments(reader, sheet).items()}
        files |= open_data(sheet, _approved_on(reader, number), transactions(reader, batch), _changes(reader, sheet))
    return Publication(files)


def _payments(reader: Reader, sheet: SubsidySheet) -> dict[str, bytes]:
    payables = [part.payable for part in sheet.batch.parts if part.payable]
    numbers = [
        number
        for (number,) in reader.rows(
            "SELECT DISTINCT batch FROM payment_batch_line WHERE book = %s AND payable = ANY(%s) ORDER BY batch",
            reader.book,
            payables,
        )
    ]
    found = PAYMENT_BATCHES.load(reader, numbers) if numbers else {}
    return {number: payment_detail(found[number]) for number in numbers}


def _approved_on(reader: Reader, number: str) -> date:
    ((day,),) = reader.rows(
        "SELECT taken_on FROM subsidy_batch_step WHERE book = %s AND batch = %s AND step = 'approved'",
        reader.book,
        number,
    )
    found: date = day
    return found


def _changes(reader: Reader, sheet: SubsidySheet) -> list[str]:
    """What this version changed of the one before that was publicised, line by line; or what a top-up adds."""
    if sheet.batch.top_up:
        return top_up_lines(sheet.batch)
    rows = reader.rows(
        "SELECT b.number FROM subsidy_batch b WHERE b.book = %s AND b.scheme = %s AND b.year = %s AND b.version < %s "
        "AND EXISTS (SELECT FROM subsidy_batch_step s WHERE s.book = b.book AND s.batch = b.number "
        "  AND s.step = 'publicised') ORDER BY b.version DESC LIMIT 1",
        reader.book,
        sheet.batch.scheme,
        sheet.batch.year,
        sheet.batch.version,
    )
    if not rows:
        return []
    before = BATCHES.load(reader, [rows[0][0]])[rows[0][0]]
    return difference_lines(differences(before, sheet.batch))
