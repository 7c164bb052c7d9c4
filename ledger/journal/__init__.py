"""The core: accounts, entries of transfers, balances, blocks, proof. It knows no voucher.

assets, accounts, entries, templates     the language of the books                       (pure)
verify_receipt                           every hash of the chain, and the offline check   (standard library only)
attestation                              what a leaf says: rows and entries as canonical JSON (pure)
tables                                   the tables
post                                     writes decided commands: many entries, few statements, one block
balances, statements                     what stands on an account, at two clocks
periods                                  open, adjusting, closed
anchors, receipts                        signed heads outside the database; the path from a line to one of them
verify                                   recomputes everything
"""
