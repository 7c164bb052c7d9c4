"""What a route may ask for: the caller, its reading session, the way to send one command."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypedDict

from fastapi import Depends, Header, Query, Request, Response
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.params import Security as DependsWithScopes
from fastapi.security import OAuth2, SecurityScopes
from starlette.concurrency import run_in_threadpool

from api.access import Row
from api.errors import AnswerRefused, EdgeError, KeyInUse, NoBooksHere, NotSignedIn, PersonLeft, ScopeMissing, marks
from api.rates import Rates
from api.security.scopes import SCOPES
from api.security.tokens import AccessTokens, Claims, TokenRejected
from api.serving import Serving
from api.settings import KEY_SECONDS_MAX
from ledger.assembly import BOOK
from ledger.customs.query_log import note
from ledger.customs.store import load_offices
from ledger.database.walls import EVERYTHING, act_for
from ledger.errors import NotFound
from ledger.executor.clock import today
from ledger.executor.commands import Answer, Command
from ledger.executor.reading import Reader
from ledger.registry.clients import load_clients
from ledger.registry.store import load_people
from ledger.registry.values import PartyKind

# -- who asks ----------------------------------------------------------------------------------------------------------

SIGN_IN = OAuth2(
    flows=OAuthFlows(
        clientCredentials=OAuthFlowClientCredentials(
            tokenUrl="/v1/token", scopes={name: f"{words.en}  {words.zh}" for name, words in SCOPES.items()}
        )
    ),
    scheme_name="clientCredentials",
    description="A client's own credentials (client_secret_basic, client_secret_post or private_key_jwt) buy a token.",
    auto_error=False,
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that proved itself, and for whom it acts."""

    client: str
    party: str
    person: str
    bureau: bool
    """It sees the whole book. Customs is none: it sees its district, and nothing of vouchers and rewards."""
    scopes: frozenset[str]
    district: str = ""
    """Of customs; empty for everybody else."""

    @property
    def sees(self) -> str:
        """The party that row-level security goes by."""
        return EVERYTHING if self.bureau else self.party


def serving(request: Request) -> Serving:
    found: Serving | None = request.app.state.serving
    if found is None:
        raise NoBooksHere
    return found


TheServing = Annotated[Serving, Depends(serving)]


def _today(serving: TheServing) -> date:
    return today(serving.clock)


Today = Annotated[date, Depends(_today)]
"""The legal date of the day, in the city."""


class Guard:
    """Runs before a route that needs sign-in: token, client, scope, rate, and whether the thing named is the caller's.

    A thing that the caller's party may not see is answered as one that does not exist.
    """

    def __init__(self, row: Row | None) -> None:
        self._row = row

    def __call__(
        self,
        request: Request,
        needed: SecurityScopes,
        serving: TheServing,
        authorization: Annotated[str | None, Depends(SIGN_IN)],
    ) -> None:
        tokens: AccessTokens = request.app.state.tokens
        claims = _claims(tokens, authorization or "")
        request.scope["client_id"] = claims.subject
        rates: Rates = request.app.state.rates
        rates.count_client(claims.subject)
        with serving.reading(EVERYTHING) as reader:
            caller = _caller(reader, claims, needed.scopes)
            if self._row:
                act_for(reader.connection, caller.sees)
                check_visible(reader, self._row, request.path_params[self._row.parameter])
        request.state.caller = caller


def _claims(tokens: AccessTokens, authorization: str) -> Claims:
    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer":
        raise NotSignedIn
    try:
        return tokens.verify(token.strip())
    except TokenRejected:
        raise NotSignedIn from None


def _caller(reader: Reader, claims: Claims, needed: Iterable[str]) -> Caller:
    """The client that a token names, as it stands now."""
    client = load_clients(reader, [claims.subject]).get(claims.subject)
    if client is None or client.revoked_on is not None:
        raise NotSignedIn
    if not any(where == client.party for where, _ in load_people(reader, [client.person])[client.person].posts):
        raise PersonLeft(person=client.person, party=client.party)
    scopes = claims.scopes & client.scopes
    for scope in needed:
        if scope not in scopes:
            raise ScopeMissing(scope=scope)
    district = load_offices(reader, [client.party])[client.party].district
    bureau = client.party_kind == PartyKind.BUREAU and not district
    return Caller(client.code, client.party, client.person, bureau, scopes, district)


def guarded(scope: str, row: Row | None) -> DependsWithScopes:
    """As a dependency of a route: its scope stands in the OpenAPI document too."""
    return DependsWithScopes(Guard(row), scopes=[scope])


def check_visible(reader: Reader, row: Row, *names: str) -> None:
    """Refuse what the reader's party cannot see, as if it did not exist.

    Raises:
        NotFound: the first name that is not there.
    """
    for name in names:
        if not name.isprintable() or not _is_there(reader, row, name):
            raise NotFound(row.what, _shortened(name))


def _is_there(reader: Reader, row: Row, name: str) -> bool:
    try:
        value = row.read(name)
    except ValueError:
        return False
    sql = f"SELECT 1 FROM {row.table} WHERE book = %s AND {row.column} = %s"  # noqa: S608  our own words
    return bool(reader.rows(sql, reader.book, value))


def _shortened(name: str) -> str:
    safe = "".join(letter if letter.isprintable() else "�" for letter in name[:60])
    return safe if len(name) <= len(safe) else f"{safe}…"


def the_caller(request: Request) -> Caller:
    """Who asks; the guard of the route has seen to it."""
    caller: Caller = request.state.caller
    return caller


TheCaller = Annotated[Caller, Depends(the_caller)]


def note_query(request: Request, serving: TheServing, caller: TheCaller) -> None:
    """What customs asks is noted before it is answered."""
    if caller.district and request.method == "GET":
        with serving.writer.begin() as connection:
            note(
                connection,
                BOOK,
                asked_at=serving.clock.now(),
                office=caller.party,
                district=caller.district,
                person=caller.person,
                client=caller.client,
                path=request.url.path,
                query=request.url.query,
            )


# -- reading -----------------------------------------------------------------------------------------------------------


def _reading(serving: TheServing, caller: TheCaller) -> Iterator[Reader]:
    with serving.reading(caller.sees) as reader:
        yield reader


Reading = Annotated[Reader, Depends(_reading, scope="function")]
"""One snapshot of what the caller's party may see. `function`: what fails at its end must not answer 200."""

# -- writing -----------------------------------------------------------------------------------------------------------


class KeyMissing(EdgeError):
    status = 400
    zh = "请求缺少 Idempotency-Key。请为每一笔业务自定一个不重复的键，重发时用同一个。"
    en = (
        "The request has no Idempotency-Key. Choose a key of your own for each thing you want done, "
        "and send the same one when you send again."
    )


class KeyUnreadable(EdgeError):
    status = 400
    zh = "Idempotency-Key 不能识别：1 至 {longest} 个可见的 ASCII 字符，不含空格。"
    en = "The Idempotency-Key cannot be read: 1 to {longest} visible ASCII characters without spaces."


KEY_LENGTH_MAX = 200
_KEY = re.compile(rf"[!-~]{{1,{KEY_LENGTH_MAX}}}")


def idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Your own name for this request; the same key again gets the same answer", examples=["r-17"]
        ),
    ] = None,
) -> str:
    if idempotency_key is None:
        raise KeyMissing
    if not _KEY.fullmatch(idempotency_key):
        raise KeyUnreadable(longest=KEY_LENGTH_MAX)
    return idempotency_key


class Signed(TypedDict):
    """What every command says of its sender."""

    tenant: str
    key: str
    actor: str


class KeysAtWork:
    """Keys whose commands this process is waiting for."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def enter(self, name: tuple[str, str]) -> bool:
        """Whether somebody else waits for the same key."""
        self._counts[name] += 1
        return self._counts[name] > 1

    def leave(self, name: tuple[str, str]) -> None:
        self._counts[name] -= 1
        if not self._counts[name]:
            del self._counts[name]


@dataclass(frozen=True, slots=True)
class Sender:
    """The way from a route to the books: sends one command and waits for its answer."""

    serving: Serving
    caller: Caller
    key: str
    dry_run: bool
    response: Response
    at_work: KeysAtWork

    @property
    def signed(self) -> Signed:
        """For every command: `Reserve(**sender.signed, voucher=…)`."""
        return {"tenant": self.caller.party, "key": self.key, "actor": self.caller.person}

    async def send(self, command: Command) -> Answer:
        """The books' answer to a command that was accepted; headers say whether it is a replay or a dry run.

        Raises:
            AnswerRefused: the books declined; the refusal is stored.
            KeyInUse: another request with this key is at work for longer than one waits.
        """
        answer = await (self._rehearsed(command) if self.dry_run else self._run(command))
        self.response.headers.update(marks(answer, dry_run=self.dry_run))
        if not answer.accepted:
            raise AnswerRefused(answer, dry_run=self.dry_run)
        return answer

    async def check_visible(self, row: Row, *names: str) -> None:
        """Refuse what a body names and the caller's party cannot see, as if it did not exist.

        Raises:
            NotFound: the first name that is not there.
        """
        await run_in_threadpool(self._look_up, row, names)

    def _look_up(self, row: Row, names: tuple[str, ...]) -> None:
        with self.serving.reading(self.caller.sees) as reader:
            check_visible(reader, row, *names)

    async def _rehearsed(self, command: Command) -> Answer:
        return await run_in_threadpool(self.serving.books.rehearsal.run, command)

    async def _run(self, command: Command) -> Answer:
        """What was taken is decided: a caller who goes away cancels nothing, hence the shield."""
        name = (command.tenant, command.key)
        second = self.at_work.enter(name)
        try:
            future = asyncio.wrap_future(self.serving.books.executor.submit(command))
            async with asyncio.timeout(KEY_SECONDS_MAX if second else None):
                return await asyncio.shield(future)
        except TimeoutError:
            raise KeyInUse(key=command.key) from None
        finally:
            self.at_work.leave(name)


def _sender(
    request: Request,
    response: Response,
    serving: TheServing,
    caller: TheCaller,
    key: Annotated[str, Depends(idempotency_key)],
    *,
    dry_run: Annotated[
        bool, Query(description="Only tell what the answer would be: nothing is stored, no key is used up")
    ] = False,
) -> Sender:
    return Sender(serving, caller, key, dry_run, response, request.app.state.keys_at_work)


Sending = Annotated[Sender, Depends(_sender)]
