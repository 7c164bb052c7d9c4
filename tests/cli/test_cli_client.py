"""`vledger client`: what a program gets, and what is printed of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from databases import Database
from programme import FIRM, Programme, open_programme
from typer.testing import CliRunner, Result

from api.cli.main import build
from api.security.clients import is_secret
from ledger.errors import Invalid
from ledger.registry.clients import CLIENTS


@pytest.fixture
def programme(here: Database) -> Iterator[Programme]:
    """The command line works on this programme's books."""
    with open_programme(here) as programme:
        yield programme


def vledger(*words: str) -> Result:
    return CliRunner().invoke(build(words), words)


def add(programme: Programme, *more: str) -> Result:
    person = programme.people["applicant"]
    words = ("--party", FIRM, "--person", person, "--scope", "vouchers.read", "--scope", "vouchers.write")
    return vledger("client", "add", *words, *more)


def test_the_secret_is_shown_once_and_fits(programme: Programme) -> None:
    made = json.loads(add(programme, "--json", "--label", "ERP").stdout)

    listed = vledger("client", "list", "--json")
    client = programme.load(CLIENTS, made["client"])[made["client"]]

    assert is_secret(made["secret"], client.secret_sha256)
    assert made["secret"] not in listed.stdout
    assert json.loads(listed.stdout)["clients"] == [
        {
            "client": made["client"],
            "party": FIRM,
            "person": programme.people["applicant"],
            "label": "ERP",
            "scopes": "vouchers.read vouchers.write",
            "credential": "secret",
            "registered_on": str(client.registered_on),
            "revoked_on": "",
        }
    ]


def test_for_people_it_says_which_client_stands(programme: Programme) -> None:
    lines = add(programme).stdout.splitlines()

    assert lines[0].startswith("The client CL-")
    assert lines[1] == "Its secret (shown this once):"
    assert lines[2].startswith("vledger_secret_")


def test_a_client_with_a_key_has_no_secret(programme: Programme, tmp_path: Path) -> None:
    pem = tmp_path / "key.pem"
    key = generate_private_key(SECP256R1()).public_key()
    pem.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))

    made = json.loads(add(programme, "--json", "--public-key", str(pem)).stdout)

    assert "secret" not in made
    assert json.loads(vledger("client", "list", "--json").stdout)["clients"][0]["credential"] == "private_key_jwt"


def test_a_client_is_rotated_and_revoked(programme: Programme) -> None:
    made = json.loads(add(programme, "--json").stdout)

    new = json.loads(vledger("client", "rotate", made["client"], "--json").stdout)
    ended = vledger("client", "revoke", made["client"], "--reason", "sold")
    again = vledger("client", "revoke", made["client"], "--reason", "lost")

    assert new["secret"] != made["secret"]
    assert "is revoked" in ended.stdout
    assert (again.exit_code, "was revoked on" in again.stderr) == (1, True)
    assert made["client"] in vledger("client", "list", "--party", FIRM).stdout
    assert programme.faults() == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--scope", "everything"), "There is no scope “everything”"),
        (("--public-key", "nowhere.pem"), "nowhere.pem cannot be read"),
        (("--public-key", "/dev/null"), "PEM file"),
        (("--as", "P-1"), "P-1"),
    ],
)
def test_what_cannot_be_is_a_sentence(programme: Programme, words: tuple[str, ...], says: str) -> None:
    answer = add(programme, *words)

    assert answer.exit_code == 1
    assert says in (answer.stderr or str(answer.exception))
    assert answer.exception is None or isinstance(answer.exception, Invalid | SystemExit)
