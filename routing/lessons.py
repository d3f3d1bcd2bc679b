"""What a leader's correction teaches: words without personal data, what was read, what is right.

When a correction is made is decided in bot/; how a model is fitted to it in nlp/adapt.py."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from routing.privacy import mask

MOST_TEXT = 500
"""Longer messages are cut: what a report is about is said early."""


class Taught(StrEnum):
    """By which word the leader corrected the bot."""

    RECLASSIFIED = "reclassify"
    REJECTED = "reject"
    OPENED = "open"

    @property
    def label(self) -> str:
        return {"reclassify": "改类", "reject": "驳回", "open": "建单"}[self.value]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One correction. text: masked. source: "<channel>:<platform id>" of the message, "" if not
    known; ticket_id: 0 where no ticket stands for it. was_*: as the bot had read it. kind, code,
    nature: what is right, code and nature "" where the leader said nothing about them."""

    id: int
    at: datetime
    grid: str
    text: str
    action: Taught
    ticket_id: int
    source: str
    was_kind: str
    was_code: str
    was_nature: str
    kind: str
    code: str = ""
    nature: str = ""


_STAYS_A_REPORT = re.compile(
    r"重复|已(?:经)?(?:有人)?(?:报|登记|受理)|报过|同一件|不属于|不归|不是(?:我们|本|咱|这个?)(?:社区|小区|网格|村|街道|镇|部门|辖区)"
    r"|职责|范围|管不了|别的(?:社区|小区|网格)|不属实|没有(?:这|此|该|发现|看到)|未发现|现场|核实|核查"
)
_OTHER_KINDS = (
    ("order", re.compile(r"接龙|订(?:菜|货|购|单)|团购|拼单|报名")),
    ("notice", re.compile(r"通知|公告|告示|宣传|提醒大家")),
    ("follow_up", re.compile(r"(?:只?是|在)(?:补充|回复|追问|说(?:的是)?(?:上|刚才|之前)那)")),
    (
        "chat",
        re.compile(
            r"闲聊|聊天|闲话|玩笑|说着玩|调侃|段子|玩梗|吐槽一下|随口|感慨|比喻|形容|广告|推销|转发|游戏|演习|演练"
            r"|(?:不是|不算|没有?|并非)(?:在|一?个|一?条|真的?)?(?:报事|报修|诉求|反映|问题|投诉|报告|求助|上报)"
            r"|误报|误判|听错|理解错|认错|小格(?:错|误)"
        ),
    ),
)  # fmt: skip


def not_a_report(reason: str) -> str:
    """The kind that the message was instead, "" if the reason leaves it a report.

    A repeated matter, one of another district or one that nobody found on the spot was reported
    all the same: such a 驳回 says nothing about how the words are to be understood."""
    if _STAYS_A_REPORT.search(reason):
        return ""
    return next((kind for kind, rule in _OTHER_KINDS if rule.search(reason)), "")


_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦"
    "马苗方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕罗毕郝邬安常于时傅卞康伍余顾孟黄穆萧尹姚邵汪祁毛狄米贝戴"
    "宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路江童颜郭梅林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房缪解应宗"
    "丁邓石崔吉龚程邢裴陆翁荀惠曲封储靳段焦侯全仰秋仲伊宫宁栾武符刘景詹束龙叶幸司黎薄白蒲邰赖卓屠池"
    "乔阳闻党翟谭申冉桑桂牛边燕冀尚温庄晏柴瞿阎慕连习容向古易廖耿满匡国文寇广东欧聂关肖涂代付"
)
_TITLES = (
    "阿姨|大爷|大妈|大叔|大伯|大哥|大姐|大娘|奶奶|爷爷|婆婆|公公|叔叔|伯伯|叔|婶|姨|伯|嫂|哥|姐"
    "|先生|女士|小姐|老师|师傅|医生|主任|书记|经理|老板|同志|队长|警官|某某|某"
)
_TITLED = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:小|老|阿)?[{_SURNAMES}][\u4e00-\u9fff]?(?:{_TITLES})"
    rf"|(?:小|老)[{_SURNAMES}](?=家|他|她|和|跟|[,，。!！\s]|$)|[{_SURNAMES}](?:{_TITLES})"
)
_CALLED = re.compile(
    rf"(?<=叫|姓)[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}(?=[,，。!！?？\s的]|$)"
    rf"|(?<=我是|名叫|名字)[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=[,，。!！?？\s]|$)"
)


def without_people(text: str, names: Iterable[str] = (), keep: Collection[str] = ()) -> str:
    """The words worth learning from: masked as by `mask`, and how people are called hidden too.

    Over-hiding costs nothing here. names, keep: as for `mask`."""
    text = mask(text[:MOST_TEXT], names, keep)
    return _CALLED.sub("[姓名]", _TITLED.sub("[姓名]", text))


_NAMELIKE = re.compile(rf"(?:小|老|阿)?[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|.*(?:{_TITLES})")


def speakable(word: str, names: Collection[str]) -> bool:
    """Whether a model may learn the word by name: nobody's, nothing like one, nothing masked."""
    if word in names or any(word in name or name in word for name in names if len(name) > 1):
        return False
    return not _NAMELIKE.fullmatch(word) and without_people(word, names) == word
