"""The experts of claims, who may not be one, and what they think."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from ledger.approvals.values import request_number
from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.registry.store import load_people
from ledger.vouchers.claim_values import Opinion
from ledger.vouchers.experts import Panel

_CHAIN = """
    WITH RECURSIVE chain AS (
        SELECT number AS claim, number AS of, 0 AS back FROM voucher_claim WHERE book = %s AND number = ANY(%s)
        UNION ALL
        SELECT chain.claim, c.corrects, chain.back + 1
          FROM chain JOIN voucher_claim_correction c ON c.book = %s AND c.claim = chain.of)
"""
"""A claim, the one that it corrects, the one that that corrects, and so on."""


def opinions_of(reader: Reader, claims: Collection[str]) -> dict[str, tuple[Opinion, ...]]:
    """The latest opinion of each expert on each line, looking back over the claims that a claim corrects."""
    found: dict[str, list[Opinion]] = defaultdict(list)
    for claim, *rest in reader.rows(
        f"{_CHAIN} SELECT DISTINCT ON (chain.claim, o.contract, o.expert) "  # noqa: S608  our own words
        "chain.claim, o.contract, o.expert, o.claim, o.supports, o.reason, o.given_on "
        "FROM chain JOIN voucher_claim_opinion o ON o.book = %s AND o.claim = chain.of "
        "JOIN voucher_claim_line l ON l.book = o.book AND l.claim = chain.claim AND l.contract = o.contract "
        "ORDER BY chain.claim, o.contract, o.expert, chain.back",
        reader.book,
        list(claims),
        reader.book,
        reader.book,
    ):
        found[claim].append(Opinion(**dict(zip(_OPINION_FIELDS, rest, strict=True))))
    return {claim: tuple(opinions) for claim, opinions in found.items()}


_OPINION_FIELDS = ("contract", "expert", "claim", "supports", "reason", "given_on")


def load_panels(reader: Reader, claims: Collection[str]) -> Mapping[str, Panel]:
    """For every claim asked; who works where and who has declared what is as of now."""
    parties: dict[str, set[str]] = {claim: set() for claim in claims}
    for claim, party in reader.rows(
        "SELECT c.number, c.unit FROM voucher_claim c WHERE c.book = %s AND c.number = ANY(%s) "
        "UNION SELECT l.claim, party FROM voucher_claim_line l "
        "JOIN voucher_contract c ON c.book = l.book AND c.number = l.contract "
        "JOIN voucher v ON v.book = c.book AND v.number = c.voucher "
        "CROSS JOIN LATERAL (VALUES (v.holder), (v.body), (c.unit)) p (party) "
        "WHERE l.book = %s AND l.claim = ANY(%s) AND party IS NOT NULL",
        reader.book,
        list(claims),
        reader.book,
        list(claims),
    ):
        parties[claim].add(party)
    staff = _staff(reader, set().union(*parties.values()))
    interested = _interested(reader, {request_number(CLAIM, claim): claim for claim in claims}, parties)
    experts: dict[str, set[str]] = defaultdict(set)
    for claim, expert in reader.rows(
        "SELECT claim, expert FROM voucher_claim_expert WHERE book = %s AND claim = ANY(%s)",
        reader.book,
        list(claims),
    ):
        experts[claim].add(expert)
    return {
        claim: Panel(
            frozenset(experts[claim]),
            frozenset().union(*(staff[party] for party in own)),
            frozenset(interested[claim]),
        )
        for claim, own in parties.items()
    }


CLAIM = "voucher.claim"
"""Kind of subject under which a claim is approved: an interest may be declared in that."""


def _staff(reader: Reader, parties: Collection[str]) -> dict[str, frozenset[str]]:
    """Who works for each party, with everybody for whom these people act."""
    held = reader.rows(
        "SELECT person, organisation FROM (SELECT DISTINCT ON (person, organisation, role) person, organisation, holds "
        "FROM person_role WHERE book = %s AND organisation = ANY(%s) "
        "ORDER BY person, organisation, role, step DESC) r WHERE holds",
        reader.book,
        sorted(parties),
    )
    people = load_people(reader, {person for person, _ in held})
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for person, organisation in held:
        found[organisation] |= people[person].counts_as
    return found


def _interested(
    reader: Reader, requests: Mapping[str, str], parties: Mapping[str, Collection[str]]
) -> dict[str, set[str]]:
    by_thing: dict[str, set[str]] = defaultdict(set)
    for about, person in reader.rows(
        "SELECT about, person FROM approval_interest WHERE book = %s AND about = ANY(%s)",
        reader.book,
        sorted({*requests, *(party for own in parties.values() for party in own)}),
    ):
        by_thing[about].add(person)
    return {
        claim: set().union(by_thing[request], *(by_thing[party] for party in parties[claim]))
        for request, claim in requests.items()
    }


PANELS = Aggregate[Panel]("voucher-panel", load_panels, what="评审专家/experts", locked=False)
"""By claim, whose lock it shares."""
