"""Who and what the books know: parties, people, instruments, tariffs, an operator's working days.

values                parties, people, instruments as decisions see them            (pure)
uscc, text            what is checked of a code and of a text before anybody decides (pure)
rules                 who may do what; who is related to whom; refusals             (pure)
events                what upper slices react to                                    (pure)
laws                  what verify checks of these tables                            (pure)
flags                 a party that gets nothing new for a time
certificates          what papers prove about a party
agencies              a professional service body that acts for a unit
tables                event rows
supervision           on which days customs supervises an instrument
store                 how decisions load them; aggregates
listing               parties, people, instruments, prices, working days page by page
clients               tables of API clients, loads, laws; assertions that were used
credentials           what a client may be, and how it may prove itself            (pure)
registration          what the registration of any organisation comes to
register_…            firm, team, unit, bureau, recommending body, person, instrument, API client
give_agency, end_agency      a body acts for a unit, and no more
grant_role, revoke_role, give_mandate, withdraw_mandate      what a person may do, and for whom
declare_…             size class, actual controller, relation
record_certificate, withdraw_certificate      what a paper proves about a party, and that it does no more
set_tariff            prices of an instrument from a day on
set_calendar_days     working days of a notice published later than the shipped table
register_webhook, withdraw_webhook, resume_webhook    where a party has its changes sent
webhook_store, webhook_listing       their tables and loads; what is looked at of them
cancel_registration   a party that is no more
rotate_client, revoke_client     a client's new secret or key; its end
slice                 what the slice declares

What is known of a party is the latest row of its kind (`step`); nothing is ever changed.
"""
