"""What the bank says: statements from files, their lines as rows, what each means, and a queue for what is not clear.

values             lines of a file, lines in the books and their states                             (pure)
reading            amounts, days and text of a file; refusals of what cannot be read                (pure)
xml_tree           XML without a document type, entities or depth                                   (pure)
camt053            camt.053, the statement of ISO 20022, from version 2 on                          (pure)
csv_statement      our own columns, in UTF-8 or GB18030                                             (pure)
files              read_statements: whichever of the two it is                                      (pure)
meaning            what a line means, by our number, else by amount and account; or why not clear   (pure)
rules              what is refused                                                                  (pure)
addresses, templates, postings   what stands in suspense                                            (pure)
tables, store      event rows; the aggregates STATEMENTS, KNOWN_LINES, BANK_LINES, CANDIDATES, EVIDENCED
import_statement   one statement, its lines waiting; nothing is counted twice
steps              the rows of a step that a line takes                                           (pure)
match_payment      a line is the payment of these payables: confirmed, or evidence of what is on record
match_return       a line is a payment that came back
reconcile          the waiting lines of a statement with what they mean, and the commands that say so
set_aside          a line that is no business of these books
hold_in_suspense   a receipt that nobody can match
decide_line        back to the queue, or back to the sender: proposed by one person, signed by another
reverse_entry      no step of a line is taken back by reversing its entry
declared           what the slice of payments takes up
listing            pages of statements and lines, for people and programs
laws               each line in one state, suspense as its lines say

Who imports a line does not say what it means. A file is only read here: what it says becomes true by a command.
"""
