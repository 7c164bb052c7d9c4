"""Thousands of requests made up from the document, on real books: no fault of ours, no answer the document lacks.

For the operator and for a firm: what the one may not do, the other may. Left out are checks that ask of every API what
ours does otherwise on purpose: a rule of the books may refuse what the document's shapes allow.
"""

from collections.abc import Iterator
from itertools import count

import pytest
import schemathesis
from databases import Cluster
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks
from served import Served, open_served

from api.main import create_app
from api.settings import Settings

load_all_checks()
ASKED = [
    CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
    )
]
EXAMPLES = 5
"""Made-up requests of each operation and caller."""
KEYS = count()

document = schemathesis.openapi.from_dict(create_app().openapi())


@pytest.fixture(scope="module")
def patient(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An edge that lets anybody ask as often as they like."""
    often = Settings(client_rate="1000000/minute", address_rate="1000000/minute")
    with cluster.database() as database, open_served(database, tmp_path_factory.mktemp("patient"), often) as served:
        yield served


@pytest.mark.parametrize("person", ["operator", "applicant"])
@document.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_finds_a_fault_or_an_answer_outside_the_document(
    case: schemathesis.Case, person: str, patient: Served
) -> None:
    headers = {**patient.signed_in(person), "Idempotency-Key": f"made-up-{next(KEYS)}"}

    case.call_and_validate(base_url=str(patient.http.base_url), headers=headers, checks=ASKED, timeout=60)
