"""Who gets a matter first: the category's own unit, the property company before it, local rules.

A choice comes with its reasons; whom to tell and by when is decided elsewhere."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from nlp.taxonomy import Minor, Taxonomy
from routing.parts import EVERYWHERE, Unit
from routing.roster import Roster

PROPERTY = "wuye"
UNKNOWN = "9901"

_FALLS_TO = {PROPERTY: ("community", "street"), "grid": ("community", "street"),
             "community": ("street",), "street": ()}  # fmt: skip
_KEYS = {"grid": str, "code": str, "unit": str, "urgent": bool, "private": bool, "why": str}


@dataclass(frozen=True, slots=True)
class Rule:
    """One local rule: in this grid (or below) this category goes to this unit first.

    grid: a code or "" everywhere. code: a 小类, a 大类 or "" for all. urgent, private: None
    for both; private matters are those of a category that is handled out of the group."""

    unit: str
    grid: str = EVERYWHERE
    code: str = ""
    urgent: bool | None = None
    private: bool | None = None
    why: str = ""

    def fits(self, minor: Minor, urgent: bool) -> bool:
        here = self.urgent in (None, urgent) and self.private in (None, minor.private)
        return here and minor.code.startswith(self.code)


class Choice(NamedTuple):
    """The unit asked first, None if nobody is known, and one Chinese line a rule considered."""

    unit: Unit | None
    reasons: tuple[str, ...]


class RuleProblems(Exception):
    """The rules file is wrong; `lines` names every mistake and what to do about it."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


def first_unit(
    roster: Roster,
    taxonomy: Taxonomy,
    grid: str,
    code: str,
    urgent: bool,
    *,
    rules: Sequence[Rule] = (),
) -> Choice:
    """The unit that gets a matter first, with the reasons in the order they were weighed.

    A local rule wins; else the category's unit; where there is none, the community or the
    street, so that no matter is left without anybody (首接负责)."""
    minor = taxonomy.minor(code) or taxonomy.minors[UNKNOWN]
    lines = [_about(roster, taxonomy, minor, code, urgent)]
    rule = _local_rule(roster, rules, grid, minor, urgent)
    lines.append(_about_rule(roster, taxonomy, rule))
    asked = [rule.unit] if rule else []
    for department in (*asked, minor.dept, *_FALLS_TO.get(minor.dept, ("street",))):
        unit = _find(roster, department, grid)
        if unit is not None:
            lines.append(f"由{_contact(unit)}先办。{_and_then(roster, unit, grid)}")
            return Choice(unit, tuple(lines))
        lines.append(_nobody(taxonomy, department))
    lines.append("没有登记任何可以承接的单位，请网格长指定。")
    return Choice(None, tuple(lines))


def explain(
    roster: Roster,
    taxonomy: Taxonomy,
    grid: str,
    code: str,
    urgent: bool,
    *,
    rules: Sequence[Rule] = (),
) -> list[str]:
    """The same decision rule by rule, numbered, for whoever asks 为什么派给他."""
    where = "".join(g.name for g in reversed(roster.ancestors(grid)[:2])) or "未登记的网格"
    reasons = first_unit(roster, taxonomy, grid, code, urgent, rules=rules).reasons
    return [f"地点：{where}", *(f"{n}. {line}" for n, line in enumerate(reasons, start=1))]


def after_property(roster: Roster, unit: Unit, grid: str) -> tuple[Unit, ...]:
    """Who gets in turn what a property company does not take; () for any other unit."""
    if unit.department != PROPERTY:
        return ()
    found = (_find(roster, department, grid) for department in _FALLS_TO[PROPERTY])
    return tuple(one for one in found if one is not None)


def _find(roster: Roster, unit_id: str, grid: str) -> Unit | None:
    named = roster.unit(unit_id) if "-" in unit_id else None
    return named or roster.unit_for(unit_id, grid)


def _local_rule(
    roster: Roster, rules: Sequence[Rule], grid: str, minor: Minor, urgent: bool
) -> Rule | None:
    """The fitting rule of the nearest grid; of several the one for the narrower category."""
    near = {scope: -step for step, scope in enumerate(roster.scopes(grid))}
    fits = [r for r in rules if r.grid in near and r.fits(minor, urgent)]

    def narrow(rule: Rule) -> tuple[int, int, int]:
        conditions = (rule.urgent is not None) + (rule.private is not None)
        return near[rule.grid], len(rule.code), conditions

    return max(fits, key=narrow, default=None)


def _about(roster: Roster, taxonomy: Taxonomy, minor: Minor, code: str, urgent: bool) -> str:
    known = f"类别“{minor.name}”（{minor.code}）"
    if code != minor.code:
        known = f"类别“{code}”不在目录里，按{known}处理"
    level = roster.levels[minor.level]
    haste = "，紧急，立即派单不等确认" if urgent else ""
    return f"{known}：一般由{level}一级办理，责任单位是{taxonomy.departments[minor.dept]}{haste}。"


def _about_rule(roster: Roster, taxonomy: Taxonomy, rule: Rule | None) -> str:
    if rule is None:
        return "本地规则：没有适用的。"
    grid = roster.grid(rule.grid)
    unit = roster.unit(rule.unit)
    name = unit.name if unit else taxonomy.departments.get(rule.unit, rule.unit)
    why = f"，因为{rule.why}" if rule.why else ""
    return (
        f"本地规则：{grid.name if grid else '全部网格'}的“{_what(taxonomy, rule)}”先找{name}{why}。"
    )


def _what(taxonomy: Taxonomy, rule: Rule) -> str:
    kind = taxonomy.name(rule.code) if rule.code else "全部类别"
    urgent = {None: "", True: "紧急", False: "不紧急"}[rule.urgent]
    private = {None: "", True: "隐私", False: "不涉隐私"}[rule.private]
    only = "、".join(filter(None, (urgent, private)))
    return f"{kind}（{only}）" if only else kind


def _contact(unit: Unit) -> str:
    return f"{unit.name}（{unit.phone}）" if unit.phone else unit.name


def _and_then(roster: Roster, unit: Unit, grid: str) -> str:
    line = after_property(roster, unit, grid)
    return f"它退单或者一直不签收，就转给{line[0].name}。" if line else ""


def _nobody(taxonomy: Taxonomy, unit_id: str) -> str:
    department = taxonomy.departments.get(unit_id.partition("-")[0], unit_id)
    where = "这个网格" if unit_id == PROPERTY else "单位表里"
    return f"{where}没有登记{department}，往下找。"


def idle(rules: Sequence[Rule], roster: Roster) -> list[str]:
    """Rules that can never fit, for whoever keeps the lists: their grid or unit is not there.

    They are no mistake of the file: the lists change under it with every import."""
    lines = []
    for number, rule in enumerate(rules, start=1):
        if rule.grid and roster.grid(rule.grid) is None:
            lines.append(f"第{number}条用不上：网格表里没有“{rule.grid}”。")
        elif "-" in rule.unit and roster.unit(rule.unit) is None:
            lines.append(f"第{number}条用不上：单位表里没有“{rule.unit}”。")
    return lines


def load_rules(path: Path, taxonomy: Taxonomy) -> tuple[Rule, ...]:
    """Read the rules file that a clerk keeps; raises RuleProblems that lists all mistakes."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleProblems(
            [f"{path.name}：格式不对，{error}。请对照示例检查引号和方括号"]
        ) from error
    rows = raw.get("rule", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RuleProblems([f"{path.name}：每条规则都要以 [[rule]] 这一行开头"])
    problems = [
        f"{path.name}：不认识“{key}”，规则要写在 [[rule]] 下面" for key in raw if key != "rule"
    ]
    for number, row in enumerate(rows, start=1):
        where = f"{path.name} 第{number}条规则"
        problems += [f"{where}：{line}" for line in _faults(row, taxonomy)]
    if problems:
        raise RuleProblems(problems)
    return tuple(Rule(**row) for row in rows)


def _faults(row: Mapping[str, Any], taxonomy: Taxonomy) -> Iterator[str]:
    for key, value in row.items():
        if key not in _KEYS:
            yield f"不认识“{key}”，可以写 {'、'.join(_KEYS)}"
        elif not isinstance(value, _KEYS[key]):
            yield f"{key} = {value!r} 写法不对，" + (
                "要写 true 或 false" if _KEYS[key] is bool else "要加双引号"
            )
    unit, code = (str(row.get(key, "")) for key in ("unit", "code"))
    if not unit:
        yield '缺少 unit，要写先派给谁，例如 unit = "wuye"'
    elif unit.partition("-")[0] not in taxonomy.departments:
        yield f"unit“{unit}”不是部门编号，也不是单位表里的编号"
    if code and code not in taxonomy.minors and code not in taxonomy.majors:
        yield f"code“{code}”不是类别编码，要写四位小类或两位大类"
