"""The words by which a resident joins a matter that somebody else has raised.

What is done about them is decided in handlers/."""

from __future__ import annotations

import re

_WE = (
    r"(?:我|俺|咱|阿拉|伢|侬)?(?:们|家|屋里|这里|这边|这儿|这|那边|这栋|本栋|单元|整栋|楼上|楼下|隔壁"
    r"|[\d一二三四五六七八九十]{1,4}(?:号楼|栋|幢|室|楼)?)*"
)
_SAME = (
    r"(?:是|一样|有|没有?|停|这样|遇到|碰到)(?:了|的|啊|呢|过|水|电|气|网|亮|这种?情况|这个?问题)*"
)
ME_TOO = re.compile(
    r"\s*(?:[+＋]\s*[1１]|加\s*1|同问|同求|同上|附议|顶一?下?)[\s!！。~，,]*(?:[#＃]\d{1,6}\s*)?$"
    rf"|\s*(?=\S*(?:[我俺咱们家这楼栋幢元侬伢室]|\d)\S*?(?:也|都|同样)){_WE}(?:也|都|同样){_SAME}"
    r"\s*(?:[#＃]\d{1,6}\s*)?(?:$|[\s,，。!！~;；、都已好])"
)
