"""Changes sent to the addresses that parties registered.

message     what is sent and how it is signed                    (pure)
sending     one request to one address, never into a private network
progress    how far each address has been told; the log of sendings
deliverer   the thread that looks for what is due
"""
