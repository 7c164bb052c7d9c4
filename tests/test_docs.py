"""What the documents say stands in the project, and what must not stand in it does not."""

import ast
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from policies.kernel.errors import Language, Spoken

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"

IGNORED = [".git", ".data*", *filter(None, (ROOT / ".gitignore").read_text("utf-8").replace("/", "").splitlines())]
"""`.data*` are books that somebody keeps in the checkout, with their anchors."""


def kept_files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of the project, whether committed yet or not, but what git ignores."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or any(fnmatch(path.name, pattern) for pattern in IGNORED):
            continue
        if path.is_dir():
            yield from kept_files(path)
        else:
            yield path


def text_of(path: Path) -> str | None:
    """The text of a file; none when it is no text."""
    data = path.read_bytes()
    return None if b"\0" in data else data.decode("utf-8", errors="replace")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


# -- links -------------------------------------------------------------------------------------------------------------

LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCED = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Names of the headings of a page, as links to them are written."""
    headings = re.findall(r"^#+ +(.+)$", FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_somewhere(page: Path, link: str) -> bool:
    place, _, anchor = link.partition("#")
    target = (page.parent / place).resolve() if place else page
    return target.exists() and (not anchor or anchor in anchors(target))


def test_links_within_the_project_lead_somewhere() -> None:
    links = [
        (page, link)
        for page in kept_files()
        if page.suffix == ".md"
        for link in LINK.findall(FENCED.sub("", page.read_text("utf-8")))
        if not re.match(r"[a-z]+:", link)
    ]

    assert links
    assert [f"{named(page)}: {link}" for page, link in links if not leads_somewhere(page, link)] == []


# -- decisions ---------------------------------------------------------------------------------------------------------


def test_each_decision_is_listed_once_and_in_order() -> None:
    files = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))

    listed = re.findall(r"^\| \[\d{4}\]\(([^)]+)\)", (DECISIONS / "README.md").read_text("utf-8"), re.MULTILINE)

    assert listed == files
    assert [name[:4] for name in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]


@pytest.mark.parametrize("decision", sorted(DECISIONS.glob("[0-9]*.md")), ids=named)
def test_a_decision_says_what_was_rejected_and_what_it_costs(decision: Path) -> None:
    text = decision.read_text("utf-8")

    assert text.startswith(f"# {decision.name[:4]} ")
    assert re.findall(r"^\*\*(What .+?)\.\*\*", text, re.MULTILINE) == [
        "What we faced",
        "What we chose",
        "What we rejected",
        "What it costs",
    ]


# -- dependencies ------------------------------------------------------------------------------------------------------

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
COLUMNS = ["dependency", "for", "locked", "licence", "released", "why", "otherwise we would write"]


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return found[0].lower()


def dependency_rows() -> list[dict[str, str]]:
    lines = [line for line in (DOCS / "dependencies.md").read_text("utf-8").splitlines() if line.startswith("|")]
    header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert header == COLUMNS
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def test_every_direct_dependency_has_one_row() -> None:
    declared = [("run", name_of(requirement)) for requirement in PROJECT["dependencies"]]
    for extra, requirements in PROJECT["optional-dependencies"].items():
        declared += [(extra, name_of(requirement)) for requirement in requirements]

    assert sorted((row["for"], row["dependency"]) for row in dependency_rows()) == sorted(declared)


def test_a_row_is_complete_and_names_the_locked_version() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    locked = dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", lock, re.MULTILINE))

    for row in dependency_rows():
        assert all(row.values()), row
        assert row["locked"] == locked[row["dependency"]], row["dependency"]
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}|not looked up", row["released"]), row["dependency"]


# -- what documents say of the code ------------------------------------------------------------------------------------


def test_every_variable_of_the_environment_is_documented() -> None:
    code = [path for path in kept_files() if path.suffix == ".py"]
    used = {name for path in code for name in re.findall(r"\bLEDGER_[A-Z_]+\b", path.read_text("utf-8"))}

    documented = set(re.findall(r"^\| `(LEDGER_[A-Z_]+)`", (DOCS / "operations.md").read_text("utf-8"), re.MULTILINE))

    assert used == documented


def test_the_map_of_the_architecture_names_every_folder() -> None:
    page = (DOCS / "architecture.md").read_text("utf-8")
    fence = re.search(r"^## The map$.*?^```$(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert fence
    named_folders: set[str] = set()
    top = ""
    for line in fence[1].splitlines():
        if found := re.match(r"( *)(\w+)/", line):
            top = top if found[1] else found[2]
            named_folders.add(f"{top}/{found[2]}" if found[1] else top)

    packages = {init.parent.relative_to(ROOT) for init in kept_files() if init.name == "__init__.py"}
    rooms = {str(package) for package in packages if len(package.parts) <= 2}  # what lies deeper its own folder tells

    assert named_folders == rooms | {"tests", "docs"}


def module_names(folder: Path) -> set[str]:
    files = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("__")}
    return files | {path.parent.name for path in folder.glob("*/__init__.py")}


def docstring_map(package: Path) -> set[str]:
    """Names at the beginning of the lines of a package's docstring; `register_…` stands for all that begin so."""
    docstring = ast.get_docstring(ast.parse(package.read_text("utf-8"))) or ""
    entries = re.findall(r"^((?:[a-z]\w*…?, )*[a-z]\w*…?) {2,}\S", docstring, re.MULTILINE)
    return {name for entry in entries for name in entry.split(", ")}


def unnamed(package: Path) -> set[str]:
    """Modules that the package's map leaves out, and entries for which there is no module."""
    modules, entries = module_names(package.parent), docstring_map(package)
    beginnings = tuple(entry[:-1] for entry in entries if entry.endswith("…"))
    left_out = {module for module in modules - entries if not (beginnings and module.startswith(beginnings))}
    return left_out | {entry for entry in entries - modules if not entry.endswith("…")}


def test_the_map_of_a_folder_names_its_modules_and_nothing_else() -> None:
    """Where the docstring of a folder is a map."""
    packages = [
        path
        for top in ("policies", "ledger", "api")
        for path in kept_files(ROOT / top)
        if path.name == "__init__.py" and docstring_map(path)
    ]

    assert packages
    assert {named(package): sorted(unnamed(package)) for package in packages if unnamed(package)} == {}


def errors(of: type[Spoken] = Spoken) -> Iterator[type[Spoken]]:
    """Every class of error that is raised: those that no other is derived from."""
    for error in of.__subclasses__():
        yield from errors(error) if error.__subclasses__() else [error]


def test_every_error_says_the_same_in_both_languages() -> None:
    """Decision 0011. A word that must be translated is a pair of facts, `…_zh` and `…_en`."""
    for top in ("policies", "ledger", "api"):
        for module in pkgutil.walk_packages([str(ROOT / top)], f"{top}."):
            importlib.import_module(module.name)

    def needs(error: type[Spoken], language: Language) -> set[str]:
        names = error.placeholders(language)
        assert not any(name.endswith("_en" if language == "zh" else "_zh") for name in names), error
        return {name.removesuffix(f"_{language}") for name in names}

    raised = [error for error in errors() if error.__module__.split(".")[0] in {"policies", "ledger", "api"}]

    assert len(raised) > 100
    assert [error.__qualname__ for error in raised if needs(error, "zh") != needs(error, "en")] == []


# -- what must not stand anywhere --------------------------------------------------------------------------------------

# Put together here, so that this file does not hold what it forbids.
MACHINE_PATHS = re.compile(
    "|".join([rf"(?<![\w.~])/{top}/" for top in ("work", "farm", "root")] + [r"(?<![\w.~])/(?:ho" + r"me|Users)/\w"])
)
INDEX_WORDS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "deb." + "debian.org",
    "index" + "-url",
    "find" + "-links",
]


def test_no_file_holds_a_path_of_a_machine_or_the_address_of_an_index() -> None:
    texts = {named(path): text_of(path) or "" for path in kept_files()}

    held = {
        name: [*MACHINE_PATHS.findall(text), *(word for word in INDEX_WORDS if word in text.lower())]
        for name, text in texts.items()
    }

    assert {name: found for name, found in held.items() if found} == {}
