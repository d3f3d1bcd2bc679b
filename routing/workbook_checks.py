"""What the rows of the lists say about each other: nothing twice, no circle, levels in order.

One row by itself is read in workbook.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from routing.parts import LEVELS, Grid
from routing.sheets import Row

_RANK = {level: rank for rank, level in enumerate(LEVELS)}


def check_unique(keys: Iterable[tuple[Row, str]], column: str, advice: str) -> None:
    """Note each key that a row before has used."""
    first: dict[str, Row] = {}
    for row, key in keys:
        if key and first.setdefault(key, row) is not row:
            again = "请删去其中一行" if row.same(first[key]) else advice
            row.fail(column, f"“{key}”和第{first[key].number}行重复，{again}")


def check_tree(rows: Iterable[Row], grids: tuple[Grid, ...], names: Mapping[str, str]) -> None:
    """Note each grid that lies under itself or under one that is not higher; `names` of levels."""
    parents = {g.code: g for g in grids}
    for row, grid in zip(rows, grids, strict=True):
        parent = parents.get(grid.parent)
        if not grid.parent or parent is None or not grid.level or not parent.level:
            continue
        if _in_circle(grid.code, lambda code: parents[code].parent if code in parents else ""):
            row.fail("上级", "上下级绕成了圈，请改正上级编码")
        elif _RANK[parent.level] >= _RANK[grid.level]:
            row.fail("上级", f"{names[grid.level]}不能放在{names[parent.level]}“{parent.name}”下面")


def _in_circle(start: str, parent: Callable[[str], str]) -> bool:
    seen, code = set(), parent(start)
    while code and code != start and code not in seen:
        seen.add(code)
        code = parent(code)
    return code == start
