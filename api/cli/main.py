"""`vledger`: one file of this folder per sub-command, loaded when it is asked for.

`vledger trial-balance` is `trial_balance.py`: either a function of that name, or a Typer called `app`. A word that
Python keeps for itself has an underscore behind it: `vledger import` is `import_.py`.
"""

import errno
import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Sequence
from keyword import iskeyword
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from api.cli.options import choose_language, language
from policies.kernel.errors import Invalid, Language, Spoken

FAILED, USAGE = 1, 2

_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF}

_NOT_COMMANDS = {
    "demo_books",
    "demo_report",
    "demo_september",
    "demo_worked",
    "main",
    "operators",
    "options",
    "sending",
    "subsidy_impact",
    "subsidy_records",
    "subsidy_top_up",
    "subsidy_why",
    "tables",
}


class OutputNotWritten(Spoken):
    zh = "结果无法写出：{reason}。请腾出空间或换一个输出位置后重试；已入账的内容不受影响。"
    en = (
        "The result could not be written: {reason}. Make room, or send it elsewhere, and try again; "
        "what was recorded is safe."
    )


def commands() -> list[str]:
    """Names of all sub-commands, as they are typed."""
    found = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(name.rstrip("_").replace("_", "-") for name in found if name not in _NOT_COMMANDS)


def build(words: Sequence[str]) -> typer.Typer:
    """The program with the sub-commands that the words name; with all of them for help, or when none is named.

    So `vledger calc` need not wait for a database driver to load.
    """
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        callback=_choose,
        help=_choose.__doc__,
    )
    for command in [name for name in commands() if name in words] or commands():
        name = command.replace("-", "_") + "_" * iskeyword(command)
        module = importlib.import_module(f"api.cli.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=command)
        else:
            app.command(command)(getattr(module, name))
    return app


def _choose(
    lang: Annotated[Language | None, typer.Option(help="zh or en (default: $LEDGER_LANG, then zh).  语言")] = None,
) -> None:
    """The books of a city's innovation vouchers.  科技创新券总账."""
    if lang:
        choose_language(lang)


def main() -> None:
    """What a person did wrong, or what the machine lacks, is one sentence; a traceback means a fault of ours."""
    for asked_to_end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked_to_end, _leave)
    try:
        build(sys.argv[1:])()
    except Spoken as error:
        sys.exit(_say(error))
    except Exception as fault:
        sentence = _of_the_output(fault) or _of_the_database(fault)
        if sentence is None:
            raise
        sys.exit(_say(sentence))


def _leave(number: int, _: object) -> NoReturn:
    """Asked to end, a command still tidies up: the last user of the embedded database stops it."""
    sys.exit(128 + number)


def _say(error: Spoken) -> int:
    print(error.say(language()), file=sys.stderr)
    return USAGE if isinstance(error, Invalid) else FAILED


def _of_the_output(fault: Exception) -> Spoken | None:
    """Standard output leads to a full disk, or nowhere: the system names no file then."""
    if isinstance(fault, OSError) and fault.filename is None and fault.errno in _UNWRITABLE:
        return OutputNotWritten(reason=os.strerror(fault.errno))
    return None


def _of_the_database(fault: Exception) -> Spoken | None:
    """A database that went away in the middle, or its full disk, is no bug of ours."""
    if "sqlalchemy" not in sys.modules:
        return None
    engine = importlib.import_module("ledger.database.engine")
    sentence: Spoken | None = engine.as_sentence(fault)
    return sentence


if __name__ == "__main__":
    main()
