"""The category list as the program sees it: 小类, deadline classes, departments.

What a message is about is decided in classify.py; who gets it and by when in routing/."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

LEVELS = ("grid", "community", "street", "district")
"""Who handles a category by default, nearest first: 网格 社区 镇街 区县部门."""

_FILE = Path(__file__).with_name("taxonomy.toml")

_SPELLINGS = (("噪音", "噪声"), ("煤气", "燃气"), ("天然气", "燃气"), ("暖气", "供暖"))

_ALIASES = {
    "物业": "0401 0402 0903",
    "噪声": "0601 0602 0603",
    "垃圾": "0101 0102",
    "装修垃圾": "0102",
    "小广告": "0105",
    "摆摊": "0106",
    "违建": "0107",
    "绿化": "0108",
    "树": "0108",
    "坑洼": "0201",
    "修路": "0201",
    "积水": "0204",
    "内涝": "0204",
    "电线": "0206",
    "停水": "0301",
    "水管": "0301",
    "自来水": "0301",
    "停电": "0302",
    "没电": "0302",
    "供水": "0301",
    "供热": "0304",
    "网络": "0305",
    "下水道": "0306",
    "下水": "0306",
    "马桶": "0306",
    "楼灯": "0403",
    "门禁": "0405",
    "监控": "0405",
    "漏水": "0501",
    "加装电梯": "0504",
    "广场舞": "0602",
    "楼上吵": "0603",
    "挪车": "0701",
    "堵门": "0701",
    "停车": "0701 0702 0703",
    "车位": "0702",
    "着火": "0801",
    "火灾": "0801",
    "飞线": "0803",
    "电动车": "0803 0703",
    "高空抛物": "0804",
    "家暴": "0902",
    "工资": "1001",
    "欠薪": "1001",
    "社保": "1002",
    "医保": "1003",
    "办证": "1201 1202",
    "补证": "1201",
    "户口": "1202",
    "身份证": "1202",
    "低保": "1203",
    "证明": "1204",
    "代办": "1201 1202 1203 1204 1205",
    "走失": "1303",
    "疫苗": "1401",
    "买菜": "1402",
    "小偷": "1501",
    "打架": "1502",
    "养狗": "1701",
    "狗": "1701 1702",
    "老鼠": "1704",
    "蟑螂": "1704",
    "建议": "1902",
    "表扬": "1903",
    "其他": "9901",
    "其它": "9901",
}


@dataclass(frozen=True, slots=True)
class Minor:
    """One 小类. major: name of its 大类. level: one of LEVELS. dept: department id.

    sla: deadline class id; finish: a span that overrides the class's last figure, or "".
    escalates: may be urgent enough for class E. private: handled out of the group.
    std: code of the digital urban-management standard or "". examples: what residents write."""

    code: str
    name: str
    major: str
    level: str
    dept: str
    sla: str
    finish: str = ""
    escalates: bool = False
    private: bool = False
    std: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sla:
    """One deadline class; every figure is a span such as "10s", "4wh", "5wd", "15d".

    extend: the longest 延期 that needs nobody's consent, "" where every one does."""

    id: str
    name: str
    receipt: str
    confirm: str
    accept: str
    contact: str
    finish: str
    extend: str = ""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """minors by code, majors: code → name, slas by id, departments: id → name."""

    version: int
    minors: Mapping[str, Minor]
    majors: Mapping[str, str]
    slas: Mapping[str, Sla]
    departments: Mapping[str, str]

    def minor(self, code: str) -> Minor | None:
        """The 小类 with this code, or None."""
        return self.minors.get(code)

    def name(self, code: str) -> str:
        """What people call the code: name of the 小类 or 大类, the code itself if unknown."""
        found = self.minors.get(code)
        return found.name if found else self.majors.get(code, code)

    def of_major(self, code: str) -> tuple[Minor, ...]:
        """The 小类 of a two-digit 大类 code, in the order of their codes."""
        return tuple(m for m in self.minors.values() if m.code[:2] == code)

    def find(self, words: str) -> tuple[Minor, ...]:
        """The categories that a person may mean by a few words; () when none fits.

        The first rule that finds anything decides: the code, the whole name, an everyday
        name, a name that holds the words, the longest name inside the words, the 大类,
        an everyday name inside the words, the words in an example."""
        asked = "".join(words.split())
        if not asked:
            return ()
        if asked in self.minors:
            return (self.minors[asked],)
        spoken = _spell(asked)
        for rule in (_named, _alias, _holding, _inside, _of_major, _alias_inside):
            if found := rule(self, spoken):
                return found
        return tuple(m for m in self.minors.values() if any(asked in e for e in m.examples))


def _spell(words: str) -> str:
    for theirs, ours in _SPELLINGS:
        words = words.replace(theirs, ours)
    return words


def _named(taxonomy: Taxonomy, words: str) -> tuple[Minor, ...]:
    return tuple(m for m in taxonomy.minors.values() if m.name == words)


def _alias(taxonomy: Taxonomy, words: str) -> tuple[Minor, ...]:
    codes = _ALIASES.get(words, "").split()
    return tuple(taxonomy.minors[c] for c in codes if c in taxonomy.minors)


def _holding(taxonomy: Taxonomy, words: str) -> tuple[Minor, ...]:
    return tuple(m for m in taxonomy.minors.values() if words in m.name)


def _inside(taxonomy: Taxonomy, words: str) -> tuple[Minor, ...]:
    found = [m for m in taxonomy.minors.values() if m.name in words]
    return tuple(sorted(found, key=lambda m: (-len(m.name), m.code))[:1])


def _of_major(taxonomy: Taxonomy, words: str) -> tuple[Minor, ...]:
    codes = [c for c, name in taxonomy.majors.items() if words in (c, name) or words in name]
    return tuple(m for c in codes for m in taxonomy.of_major(c))


def _alias_inside(taxonomy: Taxonomy, words: str) -> tuple[Minor, ...]:
    held = [a for a in _ALIASES if len(a) > 1 and _spell(a) in words]
    return _alias(taxonomy, max(held, key=len)) if held else ()


@cache
def load(path: Path = _FILE) -> Taxonomy:
    """Read and check a taxonomy file, once a process.

    Raises ValueError that names every row with an unknown level, department or class."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    minors = [_minor(row, major["name"]) for major in raw["major"] for row in major["minor"]]
    slas = {key: Sla(id=key, **row) for key, row in raw["sla"].items()}
    departments: dict[str, str] = raw["departments"]
    problems = list(_problems(minors, slas, departments))
    if problems:
        raise ValueError(f"{path.name}: " + "; ".join(problems))
    return Taxonomy(
        version=raw["version"],
        minors=MappingProxyType({m.code: m for m in minors}),
        majors=MappingProxyType({m["code"]: m["name"] for m in raw["major"]}),
        slas=MappingProxyType(slas),
        departments=MappingProxyType(departments),
    )


def _minor(row: Mapping[str, Any], major: str) -> Minor:
    values = dict(row)
    values["examples"] = tuple(values.get("examples", ()))
    return Minor(major=major, **values)


def _problems(
    minors: Iterable[Minor], slas: Mapping[str, Sla], departments: Mapping[str, str]
) -> Iterable[str]:
    seen: set[str] = set()
    for minor in minors:
        if minor.code in seen:
            yield f"{minor.code} stands there twice"
        seen.add(minor.code)
        for what, value, known in (
            ("level", minor.level, LEVELS),
            ("dept", minor.dept, departments),
            ("sla", minor.sla, slas),
        ):
            if value not in known:
                yield f"{minor.code}: unknown {what} {value!r}"
