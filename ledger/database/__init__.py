"""The store: one dialect, PostgreSQL, on a server of yours or on one of our own.

store         open_store(): LEDGER_DATABASE_URL's server when set, else the embedded one
engine        SQLAlchemy engines of the three roles; sessions that only read
walls         the party whose rows a transaction of the reader sees
naming        names of constraints, the same in classes and in migrations
migrate       alembic from Python: upgrade, and the check that classes and tables agree
embedded      the embedded server: started by the first user of a data directory, stopped by the last
cluster       a new cluster, made whole or not at all: initdb, roles, passwords, database
postmaster    one server process: is it alive, start it, wait for it, stop it
directory     the data directory: which one, whose, its locks and its socket
binaries      PostgreSQL out of the wheel; for root a copy, and an account to run it
errors        what can go wrong, one sentence each
"""
