"""One file per slice: what the books can be asked and told over HTTP under `/v1`.

health         whether the process lives and the store answers; metrics
documentation  the OpenAPI document and the page to read and try it
token          a client's credentials for an access token
clients        a party's API clients
policies       the public calculators
estimates      what a voucher would pay of a fee
organisations  organisations and startup teams, and what they declare
agencies       professional service bodies that act for units
payee_accounts  where money for an organisation goes
certificates   what papers prove about an organisation
people         who acts, in which role, and for whom
instruments    instruments and their prices
uses           minutes that users had of instruments
bills          bills of units, what was paid on them, what is contested
calendar_days  working days from notices
applications   applications for vouchers and what became of them
appropriations  budget letters
budgets        where each fen of authority stands
vouchers       vouchers: their life, reservations, expiry
contracts      contracts that vouchers pay: acceptance, release
claims         what units claim, and its review
decisions      what takes two people of the commission: extensions, revocations, refunds, claw-backs, flags
obligations    what is owed back, and how it is settled
memberships    which units are on the platform, and under which department
evaluations    rounds of evaluation: scores, objections, grades; what recorded uses say
rectifications  what units graded poor have to mend
flagged_purchases  instruments that they registered meanwhile
customs_goods  goods that came in without duty, moves, offices of customs
customs_consents  for what others may use an instrument under supervision
customs_uses   who used it, when, where and for what; what is at risk, added up
customs_exposures  uses out of scope, what they put at risk, what customs says of it
customs_files  the same lists as CSV or workbooks
customs_deadlines  supervisions and consents that end, moves planned, reports due
customs_encumbrances  agreements that name goods under supervision
customs_evidence  a signed bundle of one instrument's records, with their proofs
customs_queries  what customs has asked
equity_agreements  agreements by which fees become shares, bills that count
equity_conversions  appraised, resolved, proposed, registered, published
equity_holdings  what is held: register, capital, dividends, exits, write-downs, payments, deadlines
customs_reports  yearly reports on duty-free goods: drafts, filings, what is overdue
subsidies      awards of a year: computed, reviewed, publicised; how versions differ
subsidy_records  bills and uses under the lines of a batch, as they stood
subsidy_exclusions  bills that count for no subsidy
subsidy_policy_changes  another policy or budget, with its impact run
subsidy_top_ups  what decisions add to a subsidy that finance has approved
subsidy_claw_backs  paid subsidies that are taken back by a ruling
approvals      what waits for a signature, exactly what is signed, the signature
payables       what is owed
bank           statements of the bank, and what their lines mean
payment_batches  lists of payments, the file for the bank, its confirmations
calculations   how an amount in the books came about
accounts       what stands on an account at two clocks, its statement
entries        entries with their transfers, receipts
blocks         the chain and its signed heads
periods        which legal dates are still open
changes        what has changed for the caller
webhooks       addresses to which changes are sent

To add a route:

1. Give it a line in `ACCESS` of `api/access.py`: `public`, `scoped`, `owned` or `offered`. Without one the application
   does not start. A new scope is a line in `api/security/scopes.py`. For a thing named in the path, declare its `Row`:
   table and column where it is looked up as the caller's party, before the route runs.
2. Write the models at the top of the file, or over the route that takes them. A request is a `Body` (no unknown field)
   of the field types in `api/bodies.py`: `Fen`, `Whole`, `Day`, `Instant`, `Line`, `Text`; text in a query is a
   `Filter`. An answer is `Shown`; that of a command is `Written`. Each has its `example`: the document shows it for
   every operation, and tests send it. No two models of the API share a name.
3. A route that changes something is `async def`, takes `sender: Sending`, and is one statement or two: make the command
   with `**sender.signed`, `await sender.send(…)`, shape the answer. Keys, dry runs, replays and refusals are seen to.
4. A route that reads is `def` (it runs in the thread pool) and takes `reader: Reading`: one snapshot, as the caller's
   party. Its query stands in the slice (`listing.py`). A list takes `paging: Paging` and returns
   `paging.page(…)` of `paging.look_ahead` items; a single thing is returned through `document`, which sees to `ETag`.
5. What the body names of others' things is looked up first: `await sender.check_visible(ROW, …)`.
6. Name the module in the list above; its `router` is found by itself. In `tests/api/things.py`, give a sample for the
   path's parameter, so that the walk over all routes can try another party's client on it.

What a route never has: an `if` about the business, a query, a commit, a status code of an error.
"""
