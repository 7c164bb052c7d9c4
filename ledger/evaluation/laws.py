"""What must always hold of evaluations."""

from ledger.journal.laws import Law

SCORES_AS_COMPUTED = Law(
    "evaluation: scores as computed",
    "每一得分等于其计算结果",
    "every score is what its calculation says",
    """
    SELECT s.evaluation || ' ' || s.unit, s.total_hundredths, (c.result ->> 'total_hundredths')::int
      FROM evaluation_score s LEFT JOIN calculation c ON c.book = s.book AND c.id = s.calculation
     WHERE s.book = %(book)s
       AND (s.total_hundredths, s.sharing_hundredths) IS DISTINCT FROM
           ((c.result ->> 'total_hundredths')::int, (c.result ->> 'sharing_hundredths')::int)
    """,
)
GRADES_ON_SCORES = Law(
    "evaluation: grades rest on scores",
    "每一等次所依据的得分，为该单位曾有的得分",
    "the points under a grade are a score that the unit had",
    """
    SELECT g.evaluation || ' ' || g.unit, g.version, g.total_hundredths
      FROM evaluation_grade g
     WHERE g.book = %(book)s AND NOT EXISTS (
           SELECT FROM evaluation_score s WHERE s.book = g.book AND s.evaluation = g.evaluation AND s.unit = g.unit
              AND s.total_hundredths = g.total_hundredths AND s.sharing_hundredths = g.sharing_hundredths)
    """,
)
POOR_RECTIFY = Law(
    "evaluation: poor units rectify",
    "公布为较差的单位均有整改事项",
    "a unit published as poor has a rectification",
    """
    SELECT g.evaluation || ' ' || g.unit, g.version
      FROM evaluation_grade g
      JOIN evaluation_result_end e ON e.book = g.book AND e.evaluation = g.evaluation AND e.version = g.version
       AND e.outcome = 'published'
     WHERE g.book = %(book)s AND g.grade = '较差' AND NOT EXISTS (
           SELECT FROM evaluation_rectification r
            WHERE r.book = g.book AND r.evaluation = g.evaluation AND r.unit = g.unit)
    """,
)
NOBODY_TWICE = Law(
    "evaluation: graded or left out",
    "同一版结果中，单位不能既有等次又未参评",
    "in one version of the grades no unit is both graded and left out",
    """
    SELECT g.evaluation || ' ' || g.unit, g.version
      FROM evaluation_grade g
      JOIN evaluation_left_out o ON o.book = g.book AND o.evaluation = g.evaluation AND o.version = g.version
       AND o.unit = g.unit
     WHERE g.book = %(book)s
    """,
)
FLAGS = Law(
    "evaluation: flagged purchases",
    "标记待核的仪器属于被要求整改的单位，且在整改期间登记",
    "a flagged instrument is of the unit that rectifies, registered since it does",
    """
    SELECT f.instrument, f.rectification
      FROM evaluation_flagged_purchase f
      LEFT JOIN instrument i ON i.book = f.book AND i.code = f.instrument AND i.unit = f.unit
       AND i.registered_on = f.flagged_on
      LEFT JOIN evaluation_rectification r ON r.book = f.book AND r.number = f.rectification AND r.unit = f.unit
       AND r.opened_on <= f.flagged_on
     WHERE f.book = %(book)s AND (i.code IS NULL OR r.number IS NULL)
    """,
)

LAWS = (SCORES_AS_COMPUTED, GRADES_ON_SCORES, POOR_RECTIFY, NOBODY_TWICE, FLAGS)
