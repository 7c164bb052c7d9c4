"""What is published of an award after it was awarded: dated transactions with their signs, in open data."""

import csv
import io
from datetime import timedelta

import pytest
from databases import Database
from season import AWARDED, A, Season, open_season

from ledger.assembly import BOOK, house
from ledger.executor.reading import Reader
from ledger.obligations.offset import OffsetRecovery
from ledger.payments.return_payment import ReturnPayment
from ledger.reports.subsidy_publication import published
from ledger.subsidies.claw_back import KIND, ProposeSubsidyClawBack

OWED = 400_000_00


def files(season: Season, batch: str) -> dict[str, bytes]:
    with season.database.writer.connect() as connection:
        return dict(published(Reader(connection, BOOK), batch, house().chart).listed)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_final_amount_that_differs_is_republished_as_dated_transactions(database: Database) -> None:
    """Paid, sent back, paid again; then a part is owed back. The table of awards stays as it was published."""
    with open_season(database) as season:
        season.to_autumn()
        batch, payables = season.approved()
        before = files(season, batch)
        payment = season.release(*payables)
        season.confirm(payment, *payables)
        award = next(one.number for one in season.batch(batch).awards if one.unit == A)
        payable = next(str(part.payable) for part in season.batch(batch).parts if part.award == award)
        season.move(days=2)
        back = {"batch": payment, "payable": payable, "returned_on": season.today}
        season.do(ReturnPayment, "treasury", **back, bank_reference="退1", reason="账号有误")
        season.move(days=1)
        season.confirm(season.release(payable), payable)
        season.move(days=80)
        ruling = {"decision_number": "决1号", "reason": "机时记录不实", "ground": "false-records"}
        days = {"decided_on": season.today - timedelta(days=70), "appeal_until": season.today - timedelta(days=9)}
        body = season.do(ProposeSubsidyClawBack, "operator", award=award, amount_fen=OWED, **ruling, **days)
        season.sign(KIND, body["claw_back"], "second operator")
        after = files(season, batch)

    name = "beijing-september-2026-{}.csv".format
    found = [row for row in rows(after[name("transactions")]) if row["Grant Identifier"].endswith(award)]
    assert [(row["Transaction Date"], row["Transaction Type"], row["Amount"]) for row in found] == [
        ("2026-09-09", "awarded", "1464605.34"),
        ("2026-09-09", "paid", "1464605.34"),
        ("2026-09-11", "returned", "-1464605.34"),
        ("2026-09-12", "paid", "1464605.34"),
        ("2026-12-01", "owed back", "-400000.00"),
    ]
    assert after[name("awards")] == before[name("awards")]
    assert {row["Identifier"] for row in rows(after[name("awards")])} == {
        row["Grant Identifier"] for row in rows(after[name("transactions")])
    }
    assert len(rows(before[name("transactions")])) == len(AWARDED)


@pytest.mark.parametrize("kind", ["awarded", "paid"])
def test_what_is_paid_is_what_was_awarded(database: Database, kind: str) -> None:
    with open_season(database) as season:
        season.to_autumn()
        batch, payables = season.approved()
        season.confirm(season.release(*payables), *payables)
        listed = rows(files(season, batch)["beijing-september-2026-transactions.csv"])

    amounts = sorted(row["Amount"] for row in listed if row["Transaction Type"] == kind)
    assert amounts == sorted(f"{fen // 100}.{fen % 100:02d}" for fen in AWARDED.values())


def test_what_is_set_off_later_does_not_change_a_payment_that_was_published(database: Database) -> None:
    """A payment of 1,600,000 comes back; of what is owed again 700,000 are set off, and the bank pays 900,000."""
    owed, scheme = 700_000_00, "anhui-2022-unit"
    with open_season(database) as season:
        season.to_autumn()
        first, payables = season.approved()
        season.confirm(season.release(*payables), *payables)
        award = next(one.number for one in season.batch(first).awards if one.unit == A)
        season.letter(6_000_000_00, "财预〔2026〕7号", scheme=scheme)
        batch, _ = season.approved(scheme=scheme, evaluation="")
        part = next(part for part in season.batch(batch).parts if season.batch(batch).award(part.award).unit == A)
        payable = str(part.payable)
        payment = season.release(payable)
        season.confirm(payment, payable)
        season.move(days=80)
        before = files(season, batch)[f"{scheme}-2026-transactions.csv"]
        back = {"batch": payment, "payable": payable, "returned_on": season.today}
        season.do(ReturnPayment, "treasury", **back, bank_reference="退1", reason="账号有误")
        ruling = {"decision_number": "决1号", "reason": "机时记录不实", "ground": "false-records"}
        days = {"decided_on": season.today - timedelta(days=70), "appeal_until": season.today - timedelta(days=9)}
        body = season.do(ProposeSubsidyClawBack, "operator", award=award, amount_fen=owed, **ruling, **days)
        (debt,) = season.sign(KIND, body["claw_back"], "second operator")["obligations"]
        facts = {
            "obligation": debt,
            "payable": payable,
            "amount_fen": owed,
            "decision_number": "抵1号",
            "reason": "抵扣",
        }
        season.sign(
            "obligation.offset",
            season.do(OffsetRecovery, "operator", **facts)["step"],
            "finance",
        )
        season.confirm(season.release(payable), payable)
        after = files(season, batch)[f"{scheme}-2026-transactions.csv"]

    of = [
        (row["Transaction Type"], row["Amount"]) for row in rows(after) if row["Grant Identifier"].endswith(part.award)
    ]
    assert sorted(of[2:]) == [("paid", "900000.00"), ("returned", "-1600000.00"), ("set off", "700000.00")]
    assert of[:2] == [("awarded", "1600000.00"), ("paid", "1600000.00")]
    assert [row for row in rows(before) if row not in rows(after)] == []
