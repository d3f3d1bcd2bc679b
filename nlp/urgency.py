"""Whether life or limb is at risk now: words of danger and the scope that takes them back.

Rules only look at the text; the model's own score for urgency comes in as a number."""

from __future__ import annotations

import re


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


ALARM = _any(
    r"着火|起火|失火|火苗|走水了|冒(?:黑烟|浓烟|火|烟)|浓烟|烧起来|爆炸|炸了",
    r"(?:煤气|燃气|天然气|液化气|瓦斯)(?:味|泄|漏|中毒)|漏(?:煤气|燃气|气)|一氧化碳",
    r"(?:困|卡|关|锁|压|埋)(?:在|住|了)?.{0,6}(?:电梯|里面|底下|下面|出不来)|电梯.{0,8}(?:困|有人|出不来)",
    r"叫不醒|没(?:有)?(?:呼吸|知觉|反应|意识)|不省人事|昏(?:倒|迷|过去)|晕(?:倒|过去)|抽搐|口吐白沫",
    r"喘不(?:上|过)气|呼吸困难|心梗|中风|大出血|血流不止|流(?:了)?(?:好多|一地|很多)血|吐血|休克",
    r"跳楼|轻生|自杀|不想活|活不下去|割腕|喝(?:了)?农药|喝药|吞(?:了)?.{0,3}药|想死|要跳",
    r"触电|电(?:到|着)人|落水|掉(?:进|到|下).{0,6}(?:河|水|井|坑)|溺水|被.{0,6}(?:砸|压|撞)",
    r"要生了|羊水|难产|胰岛素|氧气(?:瓶)?.{0,6}(?:没|完|用)|透析|救命|快来人",
    r"(?:动|拿|持)(?:着|了)?刀|砍人|捅|往死里打|打(?:死|出血|老婆|孩子|媳妇)|见血",
    r"走(?:失|丢)|不见了|找不(?:到|着).{0,6}(?:孩子|老人|娃|爸|妈)|失踪|塌了|倒塌|坍塌|中毒",
)
"""Any of these may be class E; without one of them only a very sure model says so."""

OVER = _any(
    r"演(?:练|习)|电(?:影|视)|剧情|追剧|小说|游戏|视频|直播|段子|新闻|讲座|宣传|预防|谨防|提醒大家",
    r"昨(?:天|晚|夜)|前(?:天|几天|年|阵)|上(?:周|个月|次|回)|去年|当年|那(?:年|次|回)|之前|以前|小时候",
    r"已经(?:扑灭|灭了|好了|处理)|没(?:有)?着火|没事|虚惊|不是着火|找到了|回来了|救出来了|出来了",
    r"怎么预防|会不会|万一|如果|要是|要不然|迟早|早晚|哪天|容易|担心|生怕|怕(?:它|哪天|孩子|老人)",
)
"""What takes an alarm word back: a drill, a film, the past, an end, a mere possibility."""


def alarmed(text: str) -> bool:
    """True if the text holds a word of danger."""
    return ALARM.search(text) is not None


def taken_back(text: str) -> bool:
    """True if the text speaks of a drill, a film, the past, an end or a possibility."""
    return OVER.search(text) is not None


def decide(text: str, kind: str, score: float, lines: tuple[float, float, float]) -> bool:
    """True for class E now.

    score: the model's margin. lines: margins (sure, with an alarm word, with an alarm word
    that is taken back) from which on the answer is yes."""
    if kind not in ("report", "chat", "follow_up"):
        return False
    sure, warned, doubtful = lines
    if not alarmed(text):
        return score >= sure
    return score >= (doubtful if taken_back(text) else warned)
