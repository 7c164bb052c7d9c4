"""`vledger subsidy top-up`: what a decision adds to a subsidy that finance has approved."""

import json
from collections.abc import Callable
from typing import Annotated

import typer

from api.cli.operators import Bureau, sent
from api.cli.options import AsJson, Data, in_language
from api.cli.sending import As, IdempotencyKey, as_object, said_before
from ledger.amounts import yuan
from ledger.executor.clock import SystemClock, today
from ledger.executor.commands import Command
from ledger.subsidies.top_up import TopUpSubsidy


def top_up(
    scheme: Annotated[str, typer.Argument(help="Such as beijing-september.  补贴名称")],
    year: Annotated[int, typer.Argument(help="Whose batch stands.  补贴年度")],
    actor: As,
    decision_number: Annotated[str, typer.Option("--number", help="Of the paper that decides it.  决定文号")],
    reason: Annotated[str, typer.Option("--reason", help="In a sentence.  理由")],
    change: Annotated[str, typer.Option(help="A signed change of policy, PC-….  已批准的政策调整")] = "",
    pool_fen: Annotated[
        int | None,
        typer.Option(
            "--pool-fen", help="Shared out in all, with what was awarded; default: as it stands.  可分配总额（分）"
        ),
    ] = None,
    budget_year: Annotated[int | None, typer.Option(help="Whose budget pays; default: this year's.  预算年度")] = None,
    bureau: Bureau = "",
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Add what units should have had more, by a decision; then review, approve and pay it as a batch.  补发."""

    def make(tenant: str) -> Callable[[str], Command]:
        return lambda own: TopUpSubsidy(
            tenant=tenant,
            key=own,
            actor=actor,
            scheme=scheme,
            year=year,
            decision_number=decision_number,
            reason=reason,
            change=change,
            pool_fen=pool_fen,
            budget_year=budget_year or today(SystemClock()).year,
        )

    answer = sent(make, actor, bureau, key, data, as_json=as_json)
    if as_json:
        print(json.dumps(as_object(answer), ensure_ascii=False))
        return
    body = answer.body
    print(
        in_language(
            zh=f"{body['batch']} 补发 {body['tops_up']}：{body['units']} 个单位，{yuan(body['awarded_fen'])} 元，"
            f"由 {body['budget_year']} 年度预算支付；无需补发或未列入 {body['excluded']} 个{said_before(answer)}",
            en=f"{body['batch']} tops up {body['tops_up']}: {body['units']} units, {yuan(body['awarded_fen'])} yuan, "
            f"from the budget of {body['budget_year']}; {body['excluded']} miss nothing or are left "
            f"out{said_before(answer)}",
        )
    )
