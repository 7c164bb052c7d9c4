"""People who act: their roles in organisations, and who acts for whom."""

from fastapi import Request, Response, status
from pydantic import Field

from api.access import PARTY, PERSON
from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Filter, Line, Shown, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.registry.give_mandate import GiveMandate
from ledger.registry.grant_role import GrantRole
from ledger.registry.listing import people_page
from ledger.registry.register_person import Post, RegisterPerson
from ledger.registry.revoke_role import RevokeRole
from ledger.registry.store import PEOPLE
from ledger.registry.values import Person, Role
from ledger.registry.withdraw_mandate import WithdrawMandate

router = SliceRouter("/v1/people", tag="people")

POSTS_MAX = 20
_POST = {"organisation": "12331122MA0000232L", "role": "unit-officer"}
_PERSON = {"code": "P-1A2B-3C4D-5E6F7", "roles": [_POST], "acts_for": []}


class PostShown(Shown):
    organisation: str
    role: Role


class PersonShown(Shown):
    """The name is personal: it stands apart from the books and is not given out here."""

    model_config = example(_PERSON)

    code: str
    roles: list[PostShown] = Field(description="Held now, in the organisations that you may see")
    acts_for: list[str] = Field(description="People whose mandate it has: its signature counts as theirs too")

    @classmethod
    def listed(cls, person: Person) -> "PersonShown":
        roles = [PostShown(organisation=where, role=role) for where, role in sorted(person.posts)]
        return cls.of(person, roles=roles, acts_for=sorted(person.acts_for))


class PersonPage(Page[PersonShown]):
    model_config = example({"items": [_PERSON], "next": None})


class PostNamed(Body):
    model_config = example(_POST)

    organisation: Line
    role: Role


class NewPerson(Body):
    model_config = example({"name": "王芳", "posts": [_POST]})

    name: Line = Field(description="Kept apart from the books, where it can be erased")
    posts: list[PostNamed] = Field(
        max_length=POSTS_MAX, description="None for a person who is only somebody's actual controller"
    )


class PersonRegistered(Written):
    model_config = example({"person": "P-1A2B-3C4D-5E6F7", "proof": PROOF_EXAMPLE})

    person: str


class RoleSet(Written):
    model_config = example({"person": "P-1A2B-3C4D-5E6F7", **_POST, "proof": PROOF_EXAMPLE})

    person: str
    organisation: str
    role: Role


class DeputyNamed(Body):
    model_config = example({"deputy": "P-9Z8Y-7X6W-5V4T3"})

    deputy: Line = Field(description="Number of the person who acts for this one")


class MandateSet(Written):
    model_config = example({"person": "P-9Z8Y-7X6W-5V4T3", "acts_for": "P-1A2B-3C4D-5E6F7", "proof": PROOF_EXAMPLE})

    person: str = Field(description="The deputy")
    acts_for: str


@router.get("", summary="People of your organisation")
def people(reader: Reading, paging: Paging, organisation: Filter | None = None, role: Role | None = None) -> PersonPage:
    (after,) = paging.start(1) or ("",)
    found = people_page(reader, after, paging.look_ahead, organisation=organisation, role=role)
    return paging.page(PersonPage, found, PersonShown.listed, lambda person: (person.code,))


@router.get("/{code}", summary="A person with its roles", response_model=PersonShown)
def person(code: str, request: Request, reader: Reading) -> Response:
    return document(request, PersonShown.listed(PEOPLE.load(reader, [code])[code]))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Register a person")
async def register(body: NewPerson, sender: Sending) -> PersonRegistered:
    """By somebody who may give the roles; a natural person is registered once, however many logins it has."""
    await sender.check_visible(PARTY, *(post.organisation for post in body.posts))
    posts = tuple(Post(post.organisation, post.role) for post in body.posts)
    return PersonRegistered.told(await sender.send(RegisterPerson(**sender.signed, name=body.name, posts=posts)))


@router.post("/{code}/roles", status_code=status.HTTP_201_CREATED, summary="Give a person a role")
async def grant(code: str, body: PostNamed, sender: Sending) -> RoleSet:
    """By somebody who holds it there; outside the bureaus by an operator too. Nobody gives one to itself."""
    await sender.check_visible(PARTY, body.organisation)
    command = GrantRole(**sender.signed, person=code, organisation=body.organisation, role=body.role)
    return RoleSet.told(await sender.send(command))


@router.post("/{code}/roles/revocation", status_code=status.HTTP_201_CREATED, summary="Take a role from a person")
async def revoke(code: str, body: PostNamed, sender: Sending) -> RoleSet:
    await sender.check_visible(PARTY, body.organisation)
    command = RevokeRole(**sender.signed, person=code, organisation=body.organisation, role=body.role)
    return RoleSet.told(await sender.send(command))


@router.post("/{code}/mandates", status_code=status.HTTP_201_CREATED, summary="Let a person act for this one")
async def give_mandate(code: str, body: DeputyNamed, sender: Sending) -> MandateSet:
    """By the person itself or an operator. Where two people must sign, the two count as one from then on."""
    await sender.check_visible(PERSON, body.deputy)
    return MandateSet.told(await sender.send(GiveMandate(**sender.signed, person=body.deputy, acts_for=code)))


@router.post("/{code}/mandates/withdrawal", status_code=status.HTTP_201_CREATED, summary="End a mandate")
async def withdraw_mandate(code: str, body: DeputyNamed, sender: Sending) -> MandateSet:
    await sender.check_visible(PERSON, body.deputy)
    return MandateSet.told(await sender.send(WithdrawMandate(**sender.signed, person=body.deputy, acts_for=code)))
