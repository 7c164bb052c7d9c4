"""A process that uses the embedded server: `client.py DIRECTORY [keep]`. A statement per line in, rows as JSON out."""

import json
import sys
from pathlib import Path

from ledger.database.embedded import embedded
from ledger.database.engine import connect
from policies.kernel.errors import Spoken


def main() -> None:
    try:
        with (
            embedded(Path(sys.argv[1]), keep_running="keep" in sys.argv) as server,
            connect(server.urls.owner, autocommit=True) as connection,
        ):
            say({"fresh": server.fresh, "socket": server.urls.owner.query["host"]})
            for statement in sys.stdin:
                cursor = connection.execute(statement)
                say(cursor.fetchall() if cursor.description else None)
    except Spoken as error:
        say({"refused": error.code, "sentence": str(error)})


def say(answer: object) -> None:
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()


main()
