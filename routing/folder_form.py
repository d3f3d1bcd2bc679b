"""The form of the import folder: its sheets, the words a clerk may write, and the instructions.

Reading the sheets lives in workbook.py; what a cell may look like in sheets.py."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.taxonomy import Taxonomy
from routing.headers import REMARK
from routing.parts import FULL_TIME, KINDS, LEVELS, Role
from routing.sheets import Sheet

HELP = "填写说明"
_LEVEL_WORDS = {
    **{label: level for level, label in LEVELS.items()},
    **dict.fromkeys(("区", "县", "旗", "市", "县市区"), "district"),
    **dict.fromkeys(("街道", "镇", "乡", "乡镇", "镇（街道）", "镇街道"), "street"),
    **dict.fromkeys(("村", "行政村", "村社区", "社区（村）"), "community"),
    **dict.fromkeys(("全科网格", "专属网格"), "grid"),
    **dict.fromkeys(("楼栋", "楼道", "单元", "村民小组", "自然村"), "micro"),
}
"""What a clerk may write as 层级 → level, whatever the levels are called."""

ROLE_NAMES = {
    **{role.label: role for role in Role},
    **dict.fromkeys(("楼道长", "楼长", "群主", "楼栋长"), Role.MICRO_LEADER),
    **dict.fromkeys((FULL_TIME, "兼职网格员", "网格助理", "全科网格员", "小巷管家"), Role.WORKER),
    **dict.fromkeys(("巷长", "街巷长"), Role.LEADER),
    **dict.fromkeys(("社工", "全科社工", "两委", "村干部"), Role.COMMUNITY),
    **dict.fromkeys(("书记", "村书记", "村支书", "村社区书记", "行政村书记"), Role.SECRETARY),
    **dict.fromkeys(
        ("街道", "镇指挥中心", "乡镇指挥中心", "镇街指挥中心", "街镇指挥中心", "街长"),
        Role.STREET,
    ),
    **dict.fromkeys(("矛调中心", "矛调员", "人民调解员"), Role.MEDIATOR),
    **dict.fromkeys(("县指挥中心", "旗县指挥中心", "吹哨报到中心"), Role.DISTRICT),
    **dict.fromkeys(("督办", "督查员"), Role.SUPERVISOR),
    **dict.fromkeys(("承办人", "部门", "企业承办人"), Role.DEPARTMENT),
    **dict.fromkeys(("物业公司", "物业管家", "物业人员"), Role.PROPERTY),
    **dict.fromkeys(("党员志愿者", "双报到党员", "党员"), Role.VOLUNTEER),
    **dict.fromkeys(("民警", "社区民警", "警员"), Role.POLICE),
    **dict.fromkeys(("系统管理员",), Role.ADMIN),
    **dict.fromkeys(("住户", "村民", "群众"), Role.RESIDENT),
}
"""What a clerk may write as 角色 → role."""

MODE_NAMES = {"": "", "默认": "", "静默": "quiet", "提示": "hint", "自动": "auto"}
"""What a clerk may write as 模式 → mode."""

KIND_NAMES = {
    **{label: kind for kind, label in KINDS.items()},
    **dict.fromkeys(("城市", "城区"), "urban"),
    **dict.fromkeys(("乡村", "村"), "rural"),
    "": "",
}
"""What a clerk may write as 类型 → kind of grid."""

EVERYWHERE_NAMES = ("", "全部", "所有", "全区", "*")
"""As 网格编码: valid everywhere."""

_TOWN, _PLACE, _CELL, _MICRO = "000000001", "000000001001", "000000001001001", "000000001001001-01"

GRIDS = Sheet(
    "网格.csv",
    ("编码", "名称", "层级", "上级", "户数", "人数", "类型"),
    optional=("上级", "户数", "人数", "类型"),
    needed=True,
    example=(
        (_TOWN, "样板街道", "镇街", "", "", "", ""),
        (_PLACE, "示范社区", "社区", _TOWN, "2100", "5600", "城镇"),
        (_CELL, "示范社区第一网格", "网格", _PLACE, "380", "960", ""),
        (_MICRO, "1幢微网格", "微网格", _CELL, "48", "120", ""),
    ),
)
PEOPLE = Sheet(
    "人员.csv",
    ("编号", "姓名", "账号"),
    optional=("账号",),
    needed=True,
    example=(
        ("P001", "示例网格长", "local:leader"),
        ("P002", "示例居民", "local:wang;local:wang2"),
        ("P003", "示例网格员", "local:worker"),
    ),
)
POSTS = Sheet(
    "岗位.csv",
    ("人员编号", "网格编码", "角色", "代理", "开始", "结束"),
    optional=("网格编码", "代理", "开始", "结束"),
    needed=True,
    example=(
        ("P001", _CELL, "网格长", "否", "2025-01-01", ""),
        ("P002", _MICRO, "居民", "", "", ""),
        ("P003", _CELL, FULL_TIME, "否", "", ""),
    ),
)
UNITS = Sheet(
    "单位.csv",
    ("编号", "名称", "电话", "别名", "网格编码"),
    optional=("电话", "别名", "网格编码"),
    example=(("gongshui", "示例供水公司", "0000-0000000", "供水;自来水公司;水司", "全部"),),
)
MEMBERS = Sheet("单位人员.csv", ("单位编号", "人员编号"))
GROUPS = Sheet(
    "群.csv",
    ("会话", "网格编码", "名称", "模式", "地名词"),
    optional=("模式", "地名词"),
    needed=True,
    example=(("local:g1", _MICRO, "1幢微网格群", "提示", "小广场;东门"),),
)
DUTIES = Sheet(
    "值班.csv",
    ("网格编码", "顺序", "人员编号", "开始时", "结束时"),
    optional=("开始时", "结束时"),
    example=((_CELL, "1", "P001", "0", "24"),),
)
KNOWLEDGE = Sheet(
    "知识.csv",
    ("网格编码", "类别", "关键词", "答案", "来源", "有效期"),
    optional=("网格编码", "类别", "来源", "有效期"),
    example=(
        (_PLACE, "1205", "几点上班;上班时间", "社区工作日8:30–17:30。", "示范社区", "2030-12-31"),
    ),
)

SHEETS = (GRIDS, PEOPLE, POSTS, UNITS, MEMBERS, GROUPS, DUTIES, KNOWLEDGE)
"""Every sheet of the folder, in reading order."""


_LIST_WORDS = re.compile(r"(?:信息|登记)?(?:表|名单|名册|清单|台账|列表)$")
_LISTS = {
    "网格": ("网格", "网格底数"), "人员": ("人员", "人"), "岗位": ("岗位", "职务"),
    "单位": ("单位", "部门"), "单位人员": ("单位人员", "单位成员", "承办人"),
    "群": ("群", "微信群", "群聊", "居民群"), "值班": ("值班", "值班安排", "排班"),
    "知识": ("知识", "知识库", "问答"),
}  # fmt: skip
"""What a clerk may call a list; 表, 名单, 台账 may stand behind it."""


def title_of(written: str) -> str:
    """The title of the list that a tab or file is called by; "" if it is none of them."""
    bare = "".join(written.split())
    for name in (bare, _LIST_WORDS.sub("", bare)):
        for title, names in _LISTS.items():
            if name in names:
                return title
    return ""


def nobodys(written: str) -> bool:
    """Whether a tab or file is the clerk's own, by its name."""
    return written.strip().startswith((REMARK, HELP))


def level_words(names: Mapping[str, str]) -> dict[str, str]:
    """What may be written as 层级 → level: the names used here before the usual words."""
    return {**_LEVEL_WORDS, **{name: level for level, name in names.items()}}


def instructions(taxonomy: Taxonomy, levels: Mapping[str, str] = LEVELS) -> str:
    """The page that is laid beside the template: what may stand in which column."""
    lines = ["怎样填写这几张表（示例行请改成自己的，或者删掉）", ""]
    for sheet in SHEETS:
        must = "必须有" if sheet.needed else "可以没有"
        lines.append(f"{sheet.file}（{must}）：必填 {'、'.join(sheet.required)}")
        if sheet.optional:
            lines.append(f"    选填 {'、'.join(sheet.optional)}")
    lines += [
        "",
        f"层级：{'、'.join(levels.values())}",
        f"户数、人数：写整数，不知道可以空着；类型：{'、'.join(KINDS.values())}，空着随上级",
        f"角色：{'、'.join(role.label for role in Role)}；专职的写“{FULL_TIME}”",
        "模式：静默、提示、自动，空着用默认的",
        "账号、会话：写成“渠道:名字”，例如 local:wang；多个账号用分号隔开",
        "表头上面可以有标题，可以加“序号”和以“备注”开头的列；上下合并的单元格按同一内容读",
        "合计行不读；隐藏的工作表、认不出名字的表都不会悄悄跳过，会告诉您",
        "网格编码：单位、知识写“全部”表示各处都适用；编码很长，请把这一列设成“文本”格式",
        "日期：2025-01-31；值班时间写整点，22 到 6 表示过夜",
        "类别：四位小类编码或小类名称，空着表示不限",
        f"单位编号：{'、'.join(f'{k} {v}' for k, v in taxonomy.departments.items())}",
        "    同一部门有几家时，在后面加短横和名字，例如 wuye-2",
        "",
    ]
    return "\r\n".join(lines)
