"""Innovation vouchers: one voucher's road from the application to the bank's confirmation, or to its expiry.

states                what state each thing is in, and how that is said                        (pure)
values                what decisions see: applications, caps, vouchers, contracts, proposals   (pure)
claim_values          claims, their lines, what was paid and what came of it                   (pure)
rules                 who may, how much, until when; refusals                                   (pure)
addresses             the lines of the chart                                                    (pure)
templates             which lines may meet                                                      (pure)
refusal_reasons       why a line of a claim is refused: the declared list                      (pure)
parts                 what the entries of every road are made of                                (pure)
postings              the entries of the straight road as T-accounts                            (pure)
claim_postings        those of a claim's other roads                                            (pure)
revocation_postings   those of a revocation                                                     (pure)
flags                 what a flagged holder is told                                             (pure)
claim_content         what finance is shown of a claim                                        (pure)
experts               who may judge a claim, and which lines need it                            (pure)
terms, acting         the scheme's rules of a day; who acts for a holder                      (pure)
last_days             SQL for the last day of a voucher and of a hold, extensions included
tables, claim_tables, proposal_tables  event rows
store                 how decisions load them
listing               pages of vouchers, for people and programs
opening               lists of vouchers issued before the books began                         (pure)
opening_tables        their event rows
record_opening        one such voucher, as a line of a list
open_vouchers         the list is proposed, and posted when finance has signed it
apply                 a firm or a team applies
decide_application    the commission grants or rejects
issue                 the second signature issues the voucher
reserve, release      a contract takes a part of a voucher; a part goes back
match                 a second payer's voucher takes a part of the same contract
matching              what one payer's share depends on, and what it matches                    (pure)
accept                the firm confirms the service: the voucher's share of the actual fee
credit_bill           a red invoice credits an accepted bill: the voucher's share is computed anew
file_claim            the unit claims what was accepted
correct_claim         the unit files anew what was sent back, naming the old claim
withdraw_claim        the unit takes a claim back before it is passed
appoint_experts       the commission names who judges a claim
give_opinion          an expert judges its lines
review_claim          the commission passes a claim to finance, without what it refuses, or sends it back
raise_objection       somebody objects during the public notice
answer_objection      the claim goes back, or goes on
refuse_lines          what follows from refusing single lines for good
approve_claim         two officers of finance have signed, or one has refused
pay_claim             the bank has confirmed
bounce_claim          a payment came back: it is owed again, and a budget pays again
bounce_postings       the entries of that                                                       (pure)
expire                what was not used in time
extend                a voucher gets a later last day, where its scheme allows it
decide_refund         a paid service is refunded: its voucher part is owed back
claw_back             by a ruling what was paid is owed back
recovering            what was paid for a contract, and what is owed back of it                 (pure)
recovery_postings     the entries of that                                                       (pure)
offset_claim          a part of a claim is settled by what its payee owes
revoking              a ruling, and what it takes back of what is open: for two of these
revoke                the commission takes back what is open of a voucher, and flags its holder
flag_holder, lift_flag   a holder gets nothing new for a time
proposals             what takes two people of the commission
end_year              no budget year ends over vouchers that ran out, nor over claims in payment
close_period          no period closes over unfinished work
reverse_entry         no step is taken back by reversing its entry
laws                  what must always hold
slice                 what the slice declares
"""
