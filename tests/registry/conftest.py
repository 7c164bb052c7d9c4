"""Books with the registry on them, and a small town registered in them."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from town import COMMISSION, FINANCE, FIRM, HOLDING, INCUBATOR, OTHER_UNIT, SISTER, STRANGER, UNIT, Town

from ledger.assembly import Books, House
from ledger.bookkeeping.slice import bookkeeping
from ledger.executor.clock import CITY, SimulatedClock
from ledger.registry.register_body import RegisterBody
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.slice import SLICE
from ledger.registry.values import Role


@pytest.fixture
def house() -> House:
    built = House((bookkeeping(lambda: built.chart), SLICE))
    return built


@pytest.fixture
def town(database: object, house: House) -> Iterator[Town]:
    clock = SimulatedClock(datetime(2017, 1, 3, 9, tzinfo=CITY))
    with Books(database.writer, clock=clock, built=house) as books:
        town = Town(books, clock, database)
        town.do(RegisterBureau, code=COMMISSION, name="科学技术局")
        town.do(RegisterBureau, code=FINANCE, name="财政局")
        town.hire("operator", (COMMISSION, Role.OPERATOR))
        town.hire("finance", (FINANCE, Role.FINANCE))
        for unit in (UNIT, OTHER_UNIT):
            town.do(RegisterUnit, "operator", code=unit, name=f"实验室 {unit[-4:]}")
        town.do(RegisterBody, "operator", code=INCUBATOR, name="孵化器")
        for firm in (FIRM, SISTER, HOLDING, STRANGER):
            town.do(RegisterFirm, "operator", code=firm, name=f"企业 {firm[-4:]}")
        town.hire("officer", (UNIT, Role.UNIT_OFFICER), by="operator")
        town.hire("second officer", (UNIT, Role.UNIT_OFFICER), by="operator")
        town.hire("applicant", (FIRM, Role.APPLICANT), by="operator")
        town.hire("recommender", (INCUBATOR, Role.RECOMMENDER), by="operator")
        yield town
