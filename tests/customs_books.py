"""A laboratory with an instrument that came in without duty: the worked example of the notes, on real books."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from databases import Cluster, Database
from office import BUREAU, COMMISSION, Furnished, Office, uscc

from ledger.assembly import Books, house
from ledger.bookkeeping.open_book import OpenBook
from ledger.customs.decide_consent import DecideConsent
from ledger.customs.record_item import ItemShare, RecordItem
from ledger.customs.register_office import RegisterCustomsOffice
from ledger.customs.store import CONSENTS, EXPOSURES, SUPERVISED
from ledger.customs.submit_consent import SubmitConsent
from ledger.customs.values import Consent, ConsentState, Exposure, GoodsKind, Route, Supervision
from ledger.executor.clock import CITY, SimulatedClock
from ledger.fees.record_use import RecordUse
from ledger.fees.values import PurposeClass
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_instrument import RegisterInstrument
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.values import Role

DAY_ONE = date(2026, 9, 28)
RELEASED = date(2025, 3, 10)
PLACE = "理化楼101室"
CUSTOMS, AIRPORT = uscc("11", 61), uscc("11", 62)
LAB, OTHER_LAB = uscc("12", 63), uscc("12", 64)
FIRM, OTHER_FIRM = uscc("91", 65), uscc("91", 66)


@dataclass
class Laboratory(Office):
    @property
    def today(self) -> date:
        return self.clock.now().astimezone(CITY).date()

    def move(self, days: int = 0, to: date | None = None) -> None:
        self.clock.move_to(to or self.today + timedelta(days=days))

    def supervision(self, instrument: str) -> Supervision:
        return self.load(SUPERVISED, instrument)[instrument]

    def exposure(self, number: str) -> Exposure:
        return self.load(EXPOSURES, number)[number]

    def consent(self, number: str) -> Consent:
        return self.load(CONSENTS, number)[number]

    def at_risk(self, asset: str = "IMPORT_TAX_AT_RISK") -> int:
        """In fen, over all exposures, as the accounts show it."""
        ((total,),) = self.rows(
            "SELECT coalesce(sum(b.debits - b.credits), 0)::int8 FROM account a JOIN balance b ON b.account = a.id "
            "WHERE a.asset = :asset AND a.normal = 'D'",
            asset=asset,
        )
        return int(total)

    def machine(self, asset_number: str = "A-1") -> str:
        body = self.do(
            RegisterInstrument,
            "officer",
            unit=LAB,
            name="质谱仪",
            category="质谱",
            asset_number=asset_number,
            original_value_fen=3_650_000_00,
        )
        return str(body["instrument"])

    def import_facts(self, *shares: tuple[str, int], **changed: Any) -> dict[str, Any]:  # noqa: ANN401
        return {
            "unit": LAB,
            "certificate_number": "Z01011234567",
            "declaration_number": f"0113202510000{next(self._keys):05d}",
            "line": 1,
            "hs_code": "9027809990",
            "policy_document": "财关税〔2021〕23号",
            "goods": GoodsKind.OTHER,
            "shares": tuple(ItemShare(*share) for share in shares),
            "duty_rate": "0.05",
            "vat_rate": "0.13",
            "consumption_rate": "0",
            "released_on": RELEASED,
            "district": "0113",
            "place": PLACE,
        } | changed

    def imported(self, asset_number: str = "A-1", value_fen: int = 3_650_000_00, **changed: Any) -> str:  # noqa: ANN401
        """An instrument under supervision; its number."""
        machine = self.machine(asset_number)
        self.do(RecordItem, "officer", **self.import_facts((machine, value_fen), **changed))
        return machine

    def do_import(self, machine: str, value_fen: int = 3_650_000_00, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
        """Another item of an instrument that is there."""
        return self.do(RecordItem, "officer", **self.import_facts((machine, value_fen), **changed))

    def use_facts(
        self,
        machine: str,
        start: str,
        minutes: int = 120,
        user: str = FIRM,
        **changed: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        """`start` as the city's clock shows it, e.g. `2026-09-01 09:00`."""
        started_at = datetime.fromisoformat(start).replace(tzinfo=CITY)
        late = (started_at + timedelta(minutes=minutes - 1)).date() < self.today
        return {
            "instrument": machine,
            "user": user,
            "operator": self.people["officer"],
            "started_at": started_at,
            "minutes": minutes,
            "purpose": "新材料成分分析",
            "purpose_class": PurposeClass.RESEARCH,
            "place": PLACE,
            "late_reason": "月末汇总登记" if late else "",
            "second_person": self.people["second officer"] if late else "",
        } | changed

    def use(self, machine: str, start: str, minutes: int = 120, user: str = FIRM, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
        """What was judged of it; nothing where the instrument is not supervised."""
        body = self.do(RecordUse, "officer", **self.use_facts(machine, start, minutes, user, **changed))
        judged: list[dict[str, Any]] = body.get("customs", [{}])
        return judged[0]

    def consent_facts(self, machine: str, *users: str, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
        return {
            "instrument": machine,
            "route": Route.CASE,
            "document_number": "申请2026-1",
            "users": users or (FIRM,),
            "purposes": (PurposeClass.RESEARCH, PurposeClass.DEVELOPMENT),
            "place": PLACE,
            "minutes": 600,
            "valid_from": date(2026, 1, 1),
            "valid_until": date(2027, 12, 31),
        } | changed

    def granted(self, machine: str, *users: str, **changed: Any) -> str:  # noqa: ANN401
        """A consent that customs has granted from its first day on, or from today where that is later."""
        facts = self.consent_facts(machine, *users, **changed)
        consent = str(self.do(SubmitConsent, "officer", **facts)["consent"])
        since = min(facts["valid_from"], self.today)
        self.decide(consent, ConsentState.GRANTED, since=since)
        return consent

    def decide(self, consent: str, outcome: ConsentState, by: str = "customs", **changed: Any) -> dict[str, Any]:  # noqa: ANN401
        facts = {"since": self.today, "document_number": "关减免2026-1", "reason": "经审核"} | changed
        return self.do(DecideConsent, by, consent=consent, outcome=outcome, **facts)


L = TypeVar("L", bound=Laboratory)


def open_books(kind: type[L], database: Database, people: Mapping[str, str], keys: int) -> Iterator[L]:
    """Books of this kind on a database, their keys counted from here on."""
    clock = SimulatedClock(datetime(DAY_ONE.year, DAY_ONE.month, DAY_ONE.day, 9, tzinfo=CITY).astimezone(UTC))
    with Books(database.writer, clock=clock, built=house()) as books:
        yield kind(books, clock, database, house(), dict(people), count(keys))


@contextmanager
def open_laboratory(database: Database, people: Mapping[str, str]) -> Iterator[Laboratory]:
    """On a copy of the furnished database."""
    yield from open_books(Laboratory, database, people, 1_000)


@contextmanager
def furnished_laboratory(cluster: Cluster) -> Iterator[Furnished]:
    """A database with bureaus, customs, laboratories, firms and their people, to be copied."""
    with cluster.database() as database:
        people: dict[str, str] = {}
        for laboratory in open_books(Laboratory, database, {}, 0):
            _found(laboratory)
            people = laboratory.people
        database.close()
        yield Furnished(str(database.writer_url.database), people)


def _found(lab: Laboratory) -> None:
    lab.do(OpenBook, period="2026", starts_on=date(2024, 1, 1), ends_on=date(2031, 12, 31))
    for code, name in (
        (COMMISSION, "科学技术委员会"),
        (BUREAU, "财政局"),
        (CUSTOMS, "中关村海关"),
        (AIRPORT, "首都机场海关"),
    ):
        lab.do(RegisterBureau, code=code, name=name)
    for name in ("operator", "second operator"):
        lab.hire(name, (COMMISSION, Role.OPERATOR))
    for name in ("finance", "second finance"):
        lab.hire(name, (BUREAU, Role.FINANCE))
    lab.hire("customs", (CUSTOMS, Role.CUSTOMS))
    lab.hire("second customs", (CUSTOMS, Role.CUSTOMS))
    lab.hire("airport", (AIRPORT, Role.CUSTOMS))
    lab.do(RegisterCustomsOffice, "operator", bureau=CUSTOMS, district="0113", document_number="关函1号")
    lab.do(RegisterCustomsOffice, "operator", bureau=AIRPORT, district="0101", document_number="关函2号")
    for code, name in ((LAB, "理化实验室"), (OTHER_LAB, "材料实验室")):
        lab.do(RegisterUnit, "operator", code=code, name=name)
    for code, name in ((FIRM, "甲公司"), (OTHER_FIRM, "乙公司")):
        lab.do(RegisterFirm, "operator", code=code, name=name)
    for name in ("officer", "second officer"):
        lab.hire(name, (LAB, Role.UNIT_OFFICER), by="operator")
    lab.hire("other officer", (OTHER_LAB, Role.UNIT_OFFICER), by="operator")
    lab.hire("applicant", (FIRM, Role.APPLICANT), by="operator")
