"""`vledger subsidy` through a whole September, as officers of four desks use it."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from databases import Database
from season import AWARDED, POOL, ROUND, SCHEME, A, D, E, Season, open_season
from typer.testing import CliRunner

from api.cli.main import build
from ledger.errors import NotFound, Refused
from ledger.fees.store import BILLS
from ledger.subsidies.exclude_bill import ExcludeBill


@pytest.fixture
def season(here: Database) -> Iterator[Season]:
    with open_season(here) as season:
        season.to_autumn()
        yield season


def asked(*words: str) -> Result:
    return CliRunner().invoke(build(words), list(words))


def told(*words: str) -> str:
    answer = asked(*words)
    assert answer.exit_code == 0, (answer.output, answer.exception)
    return answer.stdout


def test_a_batch_is_shown_with_every_award_and_who_is_left_out(season: Season) -> None:
    batch = season.compute()

    shown = json.loads(told("subsidy", "show", batch, "--json"))
    lines = told("subsidy", "show", batch).splitlines()
    listed = json.loads(told("subsidy", "list", "--json"))["batches"]

    assert {one["unit"]: one["awarded_fen"] for one in shown["awards"]} == AWARDED
    assert [one["unit"] for one in shown["excluded"]] == [E]
    assert (shown["awarded_fen"], shown["synthetic"], shown["due_on"]) == (POOL, True, "2026-09-30")
    assert "SYNTHETIC" in lines[2]
    assert lines[-2].split() == ["total", "26,533,333.88", "4,096,666.75", "3,000,000.00"]
    assert lines[-1].startswith(f"left out  {E}  戊研究所  in-rectification  RF-")
    assert [(one["number"], one["overdue"]) for one in listed] == [(batch, True)]  # today is long after September 2026
    assert told("subsidy", "list").splitlines()[1].split()[0] == batch


def test_versions_are_compared(season: Season) -> None:
    first = season.compute()
    ((bill,),) = season.rows("SELECT number FROM fee_bill WHERE unit = :unit", unit=D)
    season.do(ExcludeBill, "operator", bill=bill, excluded=True, reason="法定检验")
    second = season.compute(reason="剔除")

    found = json.loads(told("subsidy", "diff", second, "--since", first, "--json"))["units"]
    lines = told("subsidy", "diff", second, "--since", first).splitlines()

    assert {one["unit"]: one["why"] for one in found}[D] == ["base", "entitlement"]
    assert lines[0].split() == ["unit", "why", "before", "after"]
    assert len(lines) == 5
    assert told("subsidy", "diff", first, "--since", first) == "There is no difference.\n"
    assert BILLS


def test_files_are_written_with_their_checksums_and_are_the_same_again(season: Season, tmp_path: Path) -> None:
    batch, payables = season.approved()
    season.confirm(season.release(*payables), *payables)
    words = ("subsidy", "publish", batch, "--json", "--out")

    files = [Path(name) for name in json.loads(told(*words, str(tmp_path / "a")))["files"]]
    again = [Path(name) for name in json.loads(told(*words, str(tmp_path / "b")))["files"]]

    assert sorted(path.suffix for path in files) == [".csv", ".csv", ".json", ".md", ".pdf", ".xlsx", ".xlsx", ".xlsx"]
    assert [path.read_bytes() for path in files] == [path.read_bytes() for path in again]
    sums = (tmp_path / "a" / "SHA256SUMS").read_text("utf-8").splitlines()
    assert sums == [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}" for p in sorted(files)]
    awards = next(path for path in files if path.suffix == ".csv").read_text("utf-8-sig").splitlines()
    assert awards[0].startswith('"Identifier","Title","Description","Currency"')
    assert [line.split('","')[5] for line in awards[1:]] == [
        f"{fen // 100}.{fen % 100:02d}" for fen in AWARDED.values()
    ]
    package = json.loads(next(path for path in files if path.suffix == ".json").read_text("utf-8"))
    assert package["synthetic"] is True
    assert package["resources"][0]["hash"].startswith("sha256:")


def test_what_is_not_there_is_not_found(season: Season) -> None:
    assert season
    for words in (("show", "SB-0"), ("diff", "SB-0", "--since", "SB-0"), ("approve", "SB-0", "--as", "P-1", "--yes")):
        answer = asked("subsidy", *words)
        assert isinstance(answer.exception, NotFound), answer.output


def test_who_is_no_operator_cannot_compute(season: Season) -> None:
    answer = asked("subsidy", "compute", SCHEME, "2026", "--as", season.people["finance"])

    assert isinstance(answer.exception, Refused)
    assert "no operator" in str(answer.exception)


def test_a_refusal_ends_with_status_one_and_its_sentence(season: Season) -> None:
    """The books' clock says 2026-09; the command line's own says today, when no subsidy of 2024 is computed."""
    operator = season.people["operator"]
    words = ("subsidy", "compute", SCHEME, "2024", "--evaluation", ROUND, "--as", operator, "--json")

    answer = asked(*words)

    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["refusal"]["code"] == "NoBudget" or "SubsidyYearNotCurrent" in answer.stdout


def test_the_whole_road_at_a_terminal(season: Season) -> None:
    """Computed, reviewed, signed twice, put into a payment batch: four people, four commands."""
    people = season.people
    computed = json.loads(
        told("subsidy", "compute", SCHEME, "2026", "--evaluation", ROUND, "--as", people["operator"], "--json")
    )
    batch = computed["batch"]
    reviewed = told("subsidy", "review", batch, "--as", people["second operator"])
    early = asked("subsidy", "pay", batch, "--as", people["finance"])
    first = told("subsidy", "approve", batch, "--as", people["finance"], "--yes")
    season.clock.move_to(season.batch(batch).notice_until + timedelta(days=1))  # type: ignore[operator]

    assert computed["awarded_fen"] == POOL
    assert "publicised until" in reviewed
    assert isinstance(early.exception, Refused)
    assert first.startswith(f"{batch}  signed, 1 missing")
    payables = season.approve_last(batch)
    paid = json.loads(told("subsidy", "pay", batch, "--as", people["third finance"], "--json"))
    assert (paid["count"], paid["total_fen"]) == (len(payables), POOL)
    again = asked("subsidy", "pay", batch, "--as", people["third finance"])
    assert isinstance(again.exception, Refused)


def test_what_was_shown_is_what_is_signed(season: Season) -> None:
    batch = season.compute()
    season.review(batch)
    answer = asked("subsidy", "approve", batch, "--as", season.people["finance"], "--hash", "0" * 64)

    assert "you were shown" in str(answer.exception)
    assert asked("subsidy", "approve", batch, "--as", season.people["finance"]).exit_code == 1  # nobody said yes


def test_a_batch_is_taken_back(season: Season) -> None:
    batch = season.compute()

    said = told("subsidy", "void", batch, "--as", season.people["operator"], "--reason", "名单有误")

    assert said == f"{batch}  taken back\n"
    assert told("subsidy", "list").splitlines()[1].split()[4] == "void"


def test_a_paid_award_is_taken_back_by_a_ruling(season: Season) -> None:
    batch, payables = season.approved()
    season.confirm(season.release(*payables), *payables)
    season.move(days=80)
    award = next(one.number for one in season.batch(batch).awards if one.unit == A)
    decided = {"--decided-on": season.today - timedelta(days=70), "--appeal-until": season.today - timedelta(days=9)}
    ruling = {"--ground": "false-records", "--number": "京科决〔2026〕9号", "--reason": "机时记录不实"} | decided
    options = [str(word) for pair in ruling.items() for word in pair]
    operators = ("--as", season.people["operator"]), ("--as", season.people["second operator"])
    words = ("subsidy", "claw-back", award)

    unread = asked(*words, "100", *options, "--decided-on", "2026-02-30", *operators[0])
    much = asked(*words, str(AWARDED[A] + 1), *options, *operators[0])
    said = told(*words, "40000000", *options, *operators[0])
    signed = told("approvals", "sign", said.split()[-1], "--yes", *operators[1])

    assert "2026-02-30" in str(unread.exception)
    assert f"Of award {award}, 1,464,605.34 yuan are paid" in much.stderr
    assert said.startswith("SC-")
    assert "400,000.00 yuan" in said
    assert season.budget("recovering") == 400_000_00
    assert "SC-" in signed
    assert season.faults() == []


def test_who_gains_and_who_loses_under_another_budget_or_policy(season: Season) -> None:
    """At a terminal the rules and the records are shown, then who gains; with --as it is proposed to finance."""
    batch = season.compute()
    words = ("subsidy", "impact", SCHEME, "2026")
    paper = ("--number", "京科发〔2026〕30号", "--reason", "调整总额")

    found = json.loads(told(*words, "--pool-fen", "500000000", "--json"))
    shown = told(*words, "--under", "anhui-2022-unit").splitlines()
    alone = asked(*words, "--pool-fen", "500000000", "--as", season.people["operator"])
    same = asked(*words)
    before = season.rows("SELECT count(*) FROM command")
    proposed = told(*words, "--pool-fen", "500000000", "--as", season.people["operator"], *paper)
    again = told(*words, "--pool-fen", "500000000", "--as", season.people["operator"], *paper)

    assert (found["batch"], found["gaining"], found["gain_fen"], found["losing"]) == (batch, 4, 1_096_666_75, 0)
    assert shown[0] == f"{batch}  {SCHEME} 2026"
    assert "4 units gain" not in shown[4]
    assert "5 units gain 2,506,666.78 yuan, 0 lose 0.00." in shown
    assert "The pool is 2,506,666.78 yuan too small." in shown
    assert any(line.startswith("SYNTHETIC") for line in shown)
    assert any(line.split()[:2] == ["taken-in", "1"] for line in shown)
    assert any(line.split() == [E, "—", "—", "—", "200,000.00", "200,000.00"] for line in shown)
    assert "--as, --number" in str(alone.exception)
    assert "no change to look at" in str(same.exception)
    assert proposed.startswith("PC-")
    assert "4 units gain 1,096,666.75, 0 lose 0.00 yuan; two officers of finance sign" in proposed
    assert again.split()[0] == proposed.split()[0]
    assert season.rows("SELECT count(*) FROM command") == [(before[0][0] + 1,)]
    signed = told(
        "approvals", "sign", f"subsidy.policy-change:{proposed.split()[0]}", "--as", season.people["finance"], "--yes"
    )
    assert "PC-" in signed

    listed = told("subsidy", "changes").splitlines()
    one = told("subsidy", "changes", proposed.split()[0]).splitlines()
    as_signed = json.loads(told("subsidy", "changes", proposed.split()[0], "--json"))["changes"][0]
    assert listed[1].split()[0] == proposed.split()[0]
    assert "waits for finance" in listed[1]
    assert one[0].endswith("京科发〔2026〕30号  调整总额")
    assert one[1] == shown[0]
    assert as_signed["lines"] == found["lines"]


def test_why_a_unit_gets_what_it_gets(season: Season) -> None:
    """Down to the bills and the articles; of a unit that is left out, the reason; of the other units, nothing."""
    batch = season.compute()
    lines = told("subsidy", "why", batch, D).splitlines()
    found = json.loads(told("subsidy", "why", batch, D, "--json"))
    out = told("subsidy", "why", batch, E).splitlines()

    assert lines[0] == f"{batch}  {D}  丁研究所"
    assert lines[1] == "2025: 1 bills of 3,333,333.33 yuan, of it left out 0.00; 0 uses by others, 0 minutes."
    assert lines[3] == "Entitled 166,666.67, awarded 122,050.45 yuan."
    assert any("the base of a subsidy: 3,333,333.33 yuan" in line for line in lines)
    assert any("rate for 合格: 0.05  (invented#beijing-september, invented)" in line for line in lines)
    assert any(line.startswith("awarded: 122,050.45 yuan") for line in lines)
    assert not any(A in line for line in lines)
    assert (found["awarded_fen"], found["share"]["value"]) == (AWARDED[D], AWARDED[D])
    assert out == [
        f"{batch}  {E}  戊研究所",
        next(line for line in out if line.startswith("left out  in-rectification")),
    ]
    assert isinstance(asked("subsidy", "why", batch, "1" * 18).exception, NotFound)


def test_why_where_there_is_no_pool(season: Season) -> None:
    season.letter(6_000_000_00, "财预〔2026〕7号", scheme="anhui-2022-unit")
    batch = season.compute(scheme="anhui-2022-unit", evaluation="")
    found = json.loads(told("subsidy", "why", batch, A, "--json"))

    assert (found["awarded_fen"], found["base_fen"]) == (1_600_000_00, 8_000_000_00)
    assert found["share"]["inputs"]


def test_the_records_under_a_line_are_listed(season: Season) -> None:
    batch = season.compute()
    bills = told("subsidy", "records", batch, A).splitlines()
    uses = told("subsidy", "records", batch, A, "--uses").splitlines()
    shown = json.loads(told("subsidy", "records", batch, A, "--json"))
    unknown = asked("subsidy", "records", batch, "12110000400000000X")

    assert bills[-1].split() == ["total", "8,000,000.00", "0.00", "0.00", "8,000,000.00"]
    assert uses == ["There is no use."]
    assert [one["counts_fen"] for one in shown["bills"]] == [800_000_000]
    assert shown["records"]["block_hash"] == season.batch(batch).block_hash
    assert isinstance(unknown.exception, NotFound)


def test_a_subsidy_is_topped_up_at_the_terminal(season: Season) -> None:
    """The pool grows from 3,000,000 to 3,500,000 in October; the budget of 2026 pays."""
    batch, payables = season.approved()
    season.confirm(season.release(*payables), *payables)
    season.letter(500_000_00, "财预〔2026〕2号")
    operator = season.people["operator"]
    words = (
        "subsidy",
        "top-up",
        SCHEME,
        "2026",
        "--as",
        operator,
        "--number",
        "京科决〔2026〕12号",
        "--reason",
        "追加",
    )
    more = ("--pool-fen", "350000000", "--budget-year", "2026")

    said = told(*words, *more)
    number = said.split()[0]
    again = json.loads(told(*words[:-1], "追加预算", *more, "--json"))
    shown = json.loads(told("subsidy", "show", number, "--json"))
    lines = told("subsidy", "show", number).splitlines()
    explained = told("subsidy", "why", number, A)

    assert said.startswith(f"{number} tops up {batch}: 4 units, 500,000.00 yuan, from the budget of 2026; 1 miss")
    assert (again["supersedes"], again["tops_up"], again["awarded_fen"]) == (number, batch, 500_000_00)
    assert shown["top_up"]["batch"] == batch
    assert {one["unit"]: one["due_fen"] - one["had_fen"] for one in shown["awards"]} == {
        one["unit"]: one["awarded_fen"] for one in shown["awards"]
    }
    assert f"tops up {batch} by 京科决〔2026〕12号" in lines[2]
    assert lines[-2].split() == ["total", "3,500,000.00", "3,000,000.00", "500,000.00"]
    assert "A top-up: due 1,708,706.23, awarded before 1,464,605.34 yuan." in explained
    assert "paid in addition" in explained
    assert json.loads(told("subsidy", "list", "--json"))["batches"][0]["top_up"]["decision_number"] == words[7]
