"""Evaluation: how well units opened their instruments, as departments score it and the city publishes it.

values                members, scores, grades, rectifications                                   (pure)
rules                 who may, what is complete, in which order grades stand; refusals           (pure)
steps                 the row of one step of a rectification                                    (pure)
tables, store         event rows; the aggregates MEMBERS, EVALUATIONS, RECTIFICATIONS
indicators            what the recorded uses of a year say of each instrument and unit
listing               pages for people and programs
join_platform         a unit joins the platform, under the department that supervises it
leave_platform        a unit leaves it
open_evaluation       the commission opens a year's round under one indicator system
score_units           a department scores its units, many at once
object_to_score       a unit objects to its score
answer_objection      its department upholds the objection or not
propose_grades        all grades of a round, proposed; published and locked once finance has signed
file_rectification    a unit graded poor says what it has mended
judge_rectification   its department accepts that, or sends it back
flag_purchase         an instrument that a unit in rectification registers is flagged
laws                  what must always hold
slice                 what the slice declares

A published grade is never edited: a later fix is a new version of all grades, with its reason and its own signature.
Use pays no part in a grade by itself: `indicators` shows departments what the books know; the score is theirs.
"""
