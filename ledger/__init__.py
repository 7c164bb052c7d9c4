"""What happens: the books.

amounts, errors, calendar    whole units; kinds of errors; months and working days   (pure)
database       the store: embedded or a server's PostgreSQL, roles, migrations
journal        the core: accounts, entries of transfers, blocks, proof; knows no voucher
executor       takes commands, runs batches; knows no slice
registry       organisations, teams, people, instruments, tariffs; who may act for whom
bookkeeping    opens the books, opens and closes periods, reverses an entry
approvals      four eyes, bound to a content hash
budgets        letters, authority, the end of a budget year
payments       payment batches, bank confirmation
obligations    what is owed back: received, set off, written off, remitted
fees           use of an instrument, bills
evaluation     scores of units, published grades, rectification
vouchers       from the application to payment and expiry
subsidies      what units get for how they opened their instruments: computed, approved, paid
customs        instruments that came in without duty: consents, judged uses, import tax at risk
equity         fees that become a share: agreements, conversions, holdings
reports        query, frozen value, print
assembly       all slices put together
demo           a year of a real programme, told through the same commands
"""
