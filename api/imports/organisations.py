"""Firms, units and recommending bodies; a firm's size class and controller where the row tells them.  (pure)"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from api.imports.cells import fen, text, whole
from api.imports.columns import choose, code, optional
from api.imports.sheets import By, Column, Lookups, Sheet, Values
from ledger.errors import Invalid
from ledger.executor.commands import Command
from ledger.registry.declare_controller import DeclareController
from ledger.registry.declare_size import DeclareSize
from ledger.registry.register_body import RegisterBody
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_unit import RegisterUnit
from policies.kernel.sources import read_text
from policies.kernel.words import Words

KINDS = {
    "firm": Words("企业", "firm"),
    "unit": Words("管理单位", "unit"),
    "body": Words("推荐机构", "recommending body"),
}
_REGISTERS: Mapping[object, type[Command]] = {"firm": RegisterFirm, "unit": RegisterUnit, "body": RegisterBody}
_MEASURES = ("employees", "revenue_fen", "assets_fen")


class MeasuresOfNoFirm(Invalid):
    zh = "只有企业填写行业、人数、营业收入和资产总额。"
    en = "Sector, employees, revenue and assets are told of firms only."


class SectorMissing(Invalid):
    zh = "填写了人数、营业收入或资产总额，但没有填写行业，无法划型。"
    en = "Employees, revenue or assets are given without a sector: the size class does not follow from them."


@cache
def _sectors() -> Mapping[str, Words]:
    """As the policy lists them."""
    policy = tomllib.loads(read_text("registry/size-class.toml"))
    return {row["sector"]: Words(row["zh"], row["en"]) for row in policy["sectors"][0]["rows"]}


def commands(values: Values, by: By, key: str, _lookups: Lookups) -> Sequence[Command]:
    """The registration, then what is declared of it."""
    kind, party = values["kind"], values["code"]
    told = {name: values[name] for name in _MEASURES if name in values}
    if kind != "firm" and (told or "sector" in values):
        raise MeasuresOfNoFirm
    if told and "sector" not in values:
        raise SectorMissing
    asked = [by.command(_REGISTERS[kind], key, code=party, name=values["name"])]
    if "sector" in values:
        asked.append(by.command(DeclareSize, f"{key}-size", firm=party, sector=values["sector"], **told))
    if "controller" in values:
        asked.append(by.command(DeclareController, f"{key}-controller", party=party, controller=values["controller"]))
    return asked


def warnings(values: Values) -> Iterator[Words]:
    name = str(values.get("name", ""))
    if " " in name or "　" in name:
        yield Words(f"名称“{name}”中有空格，请核对。", f"The name “{name}” has a blank in it: check it.")
    if values.get("kind") == "firm" and "sector" not in values:
        yield Words(
            "没有填写行业，该企业须申报规模后才能申领创新券。",
            "No sector: the firm must declare its size before it applies.",
        )


SHEET = Sheet(
    "organisations",
    Words("单位", "organisations"),
    (
        choose("kind", Words("类别", "kind"), KINDS, "企业"),
        code(
            "code",
            Words("统一社会信用代码", "code"),
            Words("18 位，校验码须正确", "18 characters with right check characters"),
            "91110108MA01234567",
        ),
        Column(
            "name",
            Words("名称", "name"),
            text,
            Words("证照上的全称", "Full name as registered"),
            "北京某某科技有限公司",
        ),
        optional(choose("sector", Words("行业", "sector"), _sectors(), "软件和信息技术服务业")),
        Column(
            "employees",
            Words("从业人员", "employees"),
            whole,
            Words("上年末人数", "At the last year's end"),
            "35",
            required=False,
        ),
        Column(
            "revenue_fen",
            Words("营业收入（元）", "revenue (yuan)"),
            fen,
            Words("上年，以元为单位，不是万元", "Of the last year, in yuan"),
            "8000000.00",
            required=False,
        ),
        Column(
            "assets_fen",
            Words("资产总额（元）", "assets (yuan)"),
            fen,
            Words("上年末，以元为单位，不是万元", "At the last year's end, in yuan"),
            "5000000.00",
            required=False,
        ),
        Column(
            "controller",
            Words("实际控制人", "controller"),
            text,
            Words("统一社会信用代码或已登记人员编号", "A unified social credit code or a registered person's number"),
            "",
            required=False,
        ),
    ),
    commands,
    warnings,
)
