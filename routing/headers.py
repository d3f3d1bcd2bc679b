"""Which row of a sheet is its header, and what its columns are called there.

A clerk puts a title over it, merges cells, adds 序号 and stars; what stands below is sheets.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

REMARK = "备注"
"""Columns whose name starts so are the clerk's own and are not read."""
_OWN = ("序号",)
_LOOKED_AT = 10
_NOTES = re.compile(r"(?:[（(【\[].*?[）)】\]]|[*＊※:：]|必填|选填)+$")
_ALSO = {
    "网格编码": "编码", "网格代码": "编码", "代码": "编码", "网格名称": "名称", "单位名称": "名称",
    "群名称": "名称", "群名": "名称", "级别": "层级", "网格层级": "层级", "上级编码": "上级",
    "上级网格": "上级", "上级网格编码": "上级", "人口": "人数", "人口数": "人数",
    "人员编号": "编号", "单位编号": "编号", "人员姓名": "姓名", "帐号": "账号", "联系电话": "电话",
    "电话号码": "电话", "职务": "角色", "岗位": "角色", "开始日期": "开始", "结束日期": "结束",
}  # fmt: skip
"""What a column may be called instead, where the sheet has none of that very name."""


def place_of(records: Sequence[Sequence[str]], columns: Sequence[str]) -> int:
    """The index of the header among the first rows: the one that names most of the columns, else
    the first that is not empty."""
    scores = [len(set(named(row, columns)) & set(columns)) for row in records[:_LOOKED_AT]]
    if max(scores, default=0):
        return scores.index(max(scores))
    return next((n for n, row in enumerate(records) if any(row)), 0)


def named(row: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The cells of a header by the names that the sheet uses."""
    return [_name(cell, columns) for cell in row]


def _name(cell: str, columns: Sequence[str]) -> str:
    bare = "".join(cell.split())
    if bare in columns:
        return bare
    bare = _NOTES.sub("", bare) or bare
    other = _ALSO.get(bare, bare)
    return other if bare not in columns and other in columns else bare


def faults(names: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> Iterator[str]:
    """What is wrong with a header, each with the advice that goes with it."""
    whole = f"表头应为 {','.join(columns)}"
    for column in required:
        if column not in names:
            yield f"缺少“{column}”列，{whole}"
    if not set(names) & set(columns):
        return
    for column in dict.fromkeys(c for c in names if c):
        if list(names).count(column) > 1 and not own(column):
            yield f"“{column}”列出现了两次，请删去一列"
        elif column not in columns and not own(column):
            yield f"不认识“{column}”列，{whole}；自己的说明请用“{REMARK}”开头"


def own(column: str) -> bool:
    """Whether a column is the clerk's own."""
    return column.startswith(REMARK) or column in _OWN
