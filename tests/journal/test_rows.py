"""A row of an attested table is made of exactly its columns."""

from datetime import date

import pytest

from ledger.assembly import house
from ledger.journal.tables import BudgetLineTable, PeriodStepTable, PeriodTable, table_of

A_PERIOD = {"code": "2017", "starts_on": date(2017, 1, 1), "ends_on": date(2017, 12, 31)}


def test_a_row_has_its_columns_and_the_defaults_of_those_left_out() -> None:
    step = PeriodStepTable(period="2017", status="open", first_signature="P-1", second_signature=None)

    assert (step.period, step.status, step.first_signature) == ("2017", "open", "P-1")
    assert step.trial_balance_hash is None


@pytest.mark.parametrize("missing", A_PERIOD)
def test_a_row_without_one_of_its_columns_is_a_bug_that_shows(missing: str) -> None:
    with pytest.raises(TypeError, match=f"PeriodTable: {missing}"):
        PeriodTable(**{name: value for name, value in A_PERIOD.items() if name != missing})


def test_a_row_with_a_column_that_its_table_lacks_is_a_bug_that_shows() -> None:
    with pytest.raises(TypeError, match=r"BudgetLineTable: .*colour"):
        BudgetLineTable(code="L-1", colour="red")


def test_every_column_of_every_table_is_one_of_its_row() -> None:
    for table in house().attested:
        assert {column.name for column in table_of(table).columns} == set(table.model_fields), table
