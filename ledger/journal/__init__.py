"""The core: accounts, entries of transfers, balances, blocks, proof. It knows no voucher.

assets, accounts, entries, templates     the language of the books                       (pure)
verify_receipt                           every hash of the chain, and the offline check   (standard library only)
attestation                              what a leaf says: rows and entries as canonical JSON (pure)
refusals, laws                           what the journal refuses; what must always hold        (pure)
tables, columns                          the tables; kinds of columns that slices' tables share
bulk                                     many rows, one statement
post                                     writes decided commands: many entries, few statements, one block
running                                  the accounts of a batch with their balances as they run
balances, statements                     what stands on an account, at two clocks
blocks                                   the chain as it stands in the database
periods                                  open, adjusting, closed
anchors, receipts                        signed heads outside the database; the path from a line to one of them
signing_key                             a file with an Ed25519 key
listing                                 what is looked at: accounts, an entry
replay                                   leaves as the database holds them now
shape                                    laws of any book                                         (pure)
verify                                   recomputes everything
"""
