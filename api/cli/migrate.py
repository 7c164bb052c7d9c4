"""`vledger migrate`: bring the database to this program's version."""

import json

from api.books import open_books
from api.cli.options import AsJson, Data, in_language
from ledger.database.migrate import head


def migrate(data: Data = None, *, as_json: AsJson = False) -> None:
    """Make the books where there are none; run the migrations that are missing.  新建账簿或升级数据库结构."""
    with open_books(data, make=True):
        version = head()
    if as_json:
        print(json.dumps({"version": version}))
    else:
        print(in_language(zh=f"数据库结构已是版本 {version}。", en=f"The database is at version {version}."))
