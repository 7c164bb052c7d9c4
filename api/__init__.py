"""How the books are reached: the command line, and HTTP.

cli            `vledger`, one file per sub-command
books          store, migrations, anchors, executor: opened together for an edge
imports        spreadsheets in, and back with what is wrong
webhooks       changes sent to the addresses that parties registered

main           the HTTP application, put together
serving        what it stands on: books, the reader's connections, clock
settings       what an operator may set of it
access         who may call what: every route in one place
routing        routers whose routes cannot exist without a rule there
routes         one file per slice; its docstring says how to add one
dependencies   what a route may ask for: the caller, a snapshot, the way to send one command
security       tokens, clients' secrets, scopes
bodies         strict JSON; the types of fields
answers        what the answer to every command has in common
paging         lists page by page, documents that need not be sent twice
files          lists to take home, as CSV or a workbook
errors         every failure, mapped once
problems, fields, language     problem details; why a field cannot be read; Chinese or English
rates          how often one may ask
observing      request ids, logs, counts
openapi        the document, completed with examples and failures
"""
