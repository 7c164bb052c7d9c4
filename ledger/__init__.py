"""What happens: the books.

journal     the core: accounts, entries of transfers, blocks, proof; knows no voucher
executor    takes commands, runs batches; knows no slice
registry    organisations, teams, people, instruments, tariffs; who may act for whom
approvals   four eyes, bound to a content hash
payments    payment batches, bank confirmation
fees        use of an instrument, bills
vouchers    from appropriation to payment and expiry
reports     query, frozen value, print
database    the store: embedded or a server's PostgreSQL, roles, migrations
assembly    all slices put together
"""
