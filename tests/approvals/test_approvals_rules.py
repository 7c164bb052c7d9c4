"""Stages, signatures and hashes, for all inputs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import assert_says_the_same, sentences, untimed

import ledger.approvals
from ledger.approvals.content import content_hash
from ledger.approvals.requests import renewed_rows, request_rows
from ledger.approvals.rules import (
    AlreadySigned,
    ContentChanged,
    CountsAsAnother,
    InterestDeclared,
    NotAwaiting,
    OwnWork,
    WorksForParty,
    WrongRole,
    check_signer,
)
from ledger.approvals.values import (
    FINANCE_TWO,
    Decision,
    Request,
    RequestStatus,
    Signature,
    Stage,
    request_number,
    second_pair,
)
from ledger.errors import Spoken
from ledger.registry.values import Person, Role

HASH = content_hash({"amount_fen": 100})
REQUEST = Request("voucher.claim", "C-1", 1, HASH, "P-maker", FINANCE_TWO, counted=frozenset({"P-maker"}))
OFFICER = Person(code="P-1", roles=frozenset({("bureau", Role.FINANCE)}))

stages = st.lists(st.builds(Stage, st.sampled_from(Role), st.integers(1, 4)), min_size=1, max_size=4).map(tuple)


@untimed
@given(stages=stages, signed=st.integers(0, 16))
def test_stages_are_filled_in_order(stages: tuple[Stage, ...], signed: int) -> None:
    needed = [stage for stage in stages for _ in range(stage.count)]
    signed = min(signed, len(needed))
    signatures = tuple(Signature(f"P-{n}", Decision.APPROVED) for n in range(signed))

    request = replace(REQUEST, stages=stages, signatures=signatures)

    assert request.missing == len(needed) - signed
    assert request.stage == (needed[signed] if signed < len(needed) else None)
    assert request.status == (RequestStatus.AWAITING if signed < len(needed) else RequestStatus.GIVEN)


def test_one_no_is_enough() -> None:
    said_yes = Signature("P-1", Decision.APPROVED)

    request = replace(REQUEST, signatures=(said_yes, Signature("P-2", Decision.REJECTED, "金额不符")))

    assert request.status is RequestStatus.REFUSED
    assert request.signers == ("P-1",)


plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@untimed
@given(content=st.dictionaries(st.text(), plain_json, max_size=4), key=st.text(), value=st.integers())
def test_a_hash_says_what_was_shown_and_nothing_else(content: dict[str, object], key: str, value: int) -> None:
    backwards = dict(reversed(content.items()))

    assert content_hash(backwards) == content_hash(content)
    assert (content_hash(content | {key: value}) == content_hash(content)) == (
        key in content and content[key] == value and type(content[key]) is int
    )


def test_a_float_is_never_approved() -> None:
    with pytest.raises(TypeError, match="float"):
        content_hash({"amount": 0.1})


def test_a_request_names_somebody() -> None:
    for empty in ((), (Stage(Role.FINANCE, 0),)):
        with pytest.raises(ValueError, match="at least one"):
            request_rows("voucher.claim", "C-1", {}, "P-1", empty)


def test_a_changed_content_is_the_next_version_of_the_same_request() -> None:
    (row,) = renewed_rows(replace(REQUEST, concerns=frozenset({"U"})), {"amount_fen": 200}, "P-other")

    assert (row.number, row.version, row.maker) == (request_number("voucher.claim", "C-1"), 2, "P-other")
    assert row.content_hash == content_hash({"amount_fen": 200})
    assert row.stages == [{"role": "finance", "count": 2}]
    assert row.concerns == ["U"]


signed_by_p2 = replace(
    REQUEST,
    signatures=(Signature("P-2", Decision.APPROVED),),
    counted=frozenset({"P-maker", "P-2", "P-principal"}),
)


@pytest.mark.parametrize(
    ("request_", "person", "refusal"),
    [
        (REQUEST, replace(OFFICER, code="P-maker"), OwnWork),
        (REQUEST, replace(OFFICER, acts_for=frozenset({"P-maker"})), CountsAsAnother),
        (signed_by_p2, replace(OFFICER, code="P-2"), AlreadySigned),
        (signed_by_p2, replace(OFFICER, code="P-principal"), CountsAsAnother),
        (signed_by_p2, replace(OFFICER, acts_for=frozenset({"P-2"})), CountsAsAnother),
        (signed_by_p2, replace(OFFICER, acts_for=frozenset({"P-principal"})), CountsAsAnother),
        (replace(REQUEST, stages=second_pair(Role.OPERATOR)), OFFICER, WrongRole),
        (replace(REQUEST, interests=frozenset({"P-1"})), OFFICER, InterestDeclared),
        (replace(REQUEST, concerns=frozenset({"bureau"})), OFFICER, WorksForParty),
        (replace(REQUEST, content_hash="0" * 64), OFFICER, ContentChanged),
        (replace(REQUEST, signatures=(Signature("P-9", Decision.REJECTED),)), OFFICER, NotAwaiting),
    ],
)
def test_who_may_not_sign(request_: Request, person: Person, refusal: type[Spoken]) -> None:
    with pytest.raises(refusal):
        check_signer(request_, HASH, person)


def test_whoever_has_no_part_in_it_may_sign() -> None:
    check_signer(signed_by_p2, HASH, OFFICER)


def test_a_changed_content_names_both_hashes() -> None:
    with pytest.raises(ContentChanged) as caught:
        check_signer(replace(REQUEST, version=3), "f" * 64, OFFICER)

    assert "f" * 64 in caught.value.say("zh")
    assert HASH in caught.value.say("en")
    assert "version 3" in caught.value.say("en")


@pytest.mark.parametrize("refusal", sentences(ledger.approvals), ids=lambda refusal: refusal.__name__)
def test_both_languages_say_the_same(refusal: type[Spoken]) -> None:
    assert_says_the_same(refusal)
