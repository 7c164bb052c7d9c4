"""What this slice declares."""

from ledger.evaluation import (
    answer_objection,
    file_rectification,
    flag_purchase,
    join_platform,
    judge_rectification,
    leave_platform,
    object_to_score,
    open_evaluation,
    propose_grades,
    score_units,
)
from ledger.evaluation.laws import LAWS
from ledger.evaluation.store import AGGREGATES
from ledger.evaluation.tables import TABLES
from ledger.executor.slices import Slice

SLICE = Slice(
    name="evaluation",
    use_cases=(
        join_platform.USE_CASE,
        leave_platform.USE_CASE,
        open_evaluation.USE_CASE,
        score_units.USE_CASE,
        object_to_score.USE_CASE,
        answer_objection.USE_CASE,
        propose_grades.USE_CASE,
        file_rectification.USE_CASE,
        judge_rectification.USE_CASE,
    ),
    reactions=(*propose_grades.REACTIONS, *flag_purchase.REACTIONS),
    aggregates=AGGREGATES,
    tables=TABLES,
    laws=LAWS,
    contents={propose_grades.KIND: propose_grades.content_of},
)
