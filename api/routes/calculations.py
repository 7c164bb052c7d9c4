"""Stored calculations: how an amount in the books came about."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from api.bodies import Shown, example
from api.dependencies import Reading
from api.paging import document
from api.routing import SliceRouter
from ledger.executor.calculations import load_calculations

router = SliceRouter("/v1/calculations", tag="calculations")


class StoredCalculationShown(Shown):
    model_config = example(
        {
            "id": "3b0c8d7e-52d7-5f0e-8f0a-8f1a1c2d3e4f",
            "policy": "vouchers/beijing-2015",
            "on": "2016-05-01",
            "known_on": "2016-05-01",
            "version": "2015-01-01 0123456789ab",
            "synthetic": False,
            "facts": {"requested_fen": 6_800_000, "first_time": False, "used_tokens": 30},
            "result": {"tokens": 10, "granted_fen": 5_000_000},
            "derivation": {"label_zh": "发放张数", "label_en": "tokens", "value": 10},
            "derivation_hash": "9f2c1e5b7d3a4c6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f9000112233445566",
        }
    )

    id: UUID
    policy: str
    on: date = Field(description="Day of the fact")
    known_on: date = Field(description="Rules enacted by this day count")
    version: str
    synthetic: bool = Field(description="True: figures of this policy are invented")
    facts: dict[str, Any]
    result: dict[str, Any]
    derivation: dict[str, Any] = Field(description="Every step, down to facts and cited articles")
    derivation_hash: str = Field(description="SHA-256 of the derivation; it stands in the chain")


@router.get("/{id}", summary="A stored calculation with its derivation", response_model=StoredCalculationShown)
def calculation(id: UUID, request: Request, reader: Reading) -> Response:  # noqa: A002  the name in the path
    """`POST /v1/policies/…/calculations` with its facts and dates gives the same."""
    return document(request, StoredCalculationShown.of(load_calculations(reader, [id])[id]))
