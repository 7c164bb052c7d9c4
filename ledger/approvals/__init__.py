"""Four eyes, bound to the hash of what was shown.

values             stages, signatures, a request and its status; FINANCE_TWO, second_pair(role), request_number  (pure)
content            content_hash: what an approval is bound to                                                   (pure)
requests           request_rows, renewed_rows: how an upper slice asks                                          (pure)
events             ApprovalGiven (of the command Approve), ApprovalRefused (of the command Reject)              (pure)
rules              who may not sign, and why                                                                    (pure)
store              tables; the aggregate APPROVALS
listing            what waits for signatures, the oldest first
signing            what approving and rejecting have in common
approve, reject    one person's decision
bookkeepers        who opens and closes periods, closes accounts, reverses entries
declare_interest   a person who gains by something does not sign it
slice              what the slice declares

A change of content is a new version of its request; what was signed before counts no more.
The database keeps the same law by constraints: nobody signs twice, the maker never.
"""
