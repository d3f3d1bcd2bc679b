"""Words of danger and what takes them back: every rule both ways."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import corpus, urgency
from nlp.danger_signs import SIGNS
from tests.branches import unproved
from tests.nlp import danger_words

LINES = urgency.Lines(sure=1.5, warned=-1.0, grave=-2.5, doubtful=0.0)

DANGEROUS = {
    "fire": ("厨房起火了", "楼顶在冒黑烟", "一股焦糊味从电箱出来", "火苗窜到四楼了"),
    "gas": ("楼道里煤气味好大", "天然气管子嘶嘶响", "挖机把燃气管挖断了", "怀疑一氧化碳"),
    "trapped": ("电梯里困着三个人", "孩子反锁在家里了", "手被门夹住了", "被压在架子底下"),
    "senses": ("老爷子叫不醒了", "有人晕倒在花坛边", "他口吐白沫", "摔完一动不动"),
    "breath": ("我妈喘不上气", "孩子被果冻噎住了", "胸口疼得厉害", "嘴唇发紫"),
    "blood": ("流了好多血", "手割得血止不住", "骑车被撞飞了", "一地血没人敢碰"),
    "despair": ("有人站在楼顶栏杆外", "她喝了农药", "不想活了", "割腕了快来"),
    "current": ("电线掉水里冒火花", "有人触电了", "摸一下被电到人", "高压线断了"),
    "water": ("孩子掉进河里了", "有人落水", "冰面裂开有人下去了", "水已经没过床"),
    "care": ("我爱人羊水破了", "胰岛素今晚就用完了", "氧气瓶没气了", "孩子误吞了纽扣电池"),
    "lost": ("老人走失了", "女儿放学到现在没到家", "谁看见我家孩子了", "有人抱走孩子"),
    "alone": ("敲门半天没人应", "三天没见她下楼了", "我妈一个人住电话打不通", "屋里有呻吟"),
    "violence": ("那人拿着刀追", "楼下打起来了", "他掐着脖子", "砸门喊救命"),
    "home": ("老公又打我了", "他打她好几年", "我爸喝多了打我妈", "打孩子打得流血"),
    "collapse": ("房顶塌了", "围墙倒了压住车", "塔吊要塌", "有个人挂在窗外"),
    "crowd": ("几十个人围着砸店", "要出人命了"),
}

HARMLESS = (
    "楼道灯坏了三天",
    "垃圾桶满了没人收",
    "请问社保几点上班",
    "物业费又涨了",
    "好的收到",
    "门口车挪一下",
    "没着火",
    "热水器打不着火",
    "自来水公司电话打不通",
    "广场舞声音太大",
    "3号楼302 鸡蛋一板",
    "今天天气不错",
    "他打我手机没接到",
    "婆婆打他招呼他不理",
    "老公打我电话说不回来吃饭",
)

TAKEN_BACK = {
    "drill": ("周三消防演练，看到浓烟别慌", "消防讲座教大家怎么灭大火"),
    "story": ("昨晚那部电影里大火烧起来太真了", "短视频里说有人落水"),
    "past": ("去年我家厨房起火", "上回电梯困人那事"),
    "over": ("火已经扑灭了", "老人找到了谢谢大家"),
    "maybe": ("万一着火怎么办", "线这么拉迟早起火"),
    "idiom": ("生意火爆炸了", "这歌炸街"),
}


@pytest.mark.parametrize("name", sorted(urgency.DANGERS))
def test_each_danger_is_seen_in_its_ways_of_speaking(name: str) -> None:
    rule = re.compile(urgency.DANGERS[name])
    missed = [text for text in DANGEROUS[name] if not rule.search(text)]
    assert missed == []


@pytest.mark.parametrize("name", sorted(urgency.DANGERS))
def test_no_danger_is_seen_in_harmless_lines(name: str) -> None:
    rule = re.compile(urgency.DANGERS[name])
    assert [text for text in HARMLESS if rule.search(text)] == []


@pytest.mark.parametrize("text", ["喊他没反应", "厨房起火了", "井里有人"])
def test_a_word_or_a_weaker_sign_lets_a_danger_be_suspected(text: str) -> None:
    assert urgency.suspected(urgency.spotted(text))


@pytest.mark.parametrize("text", ["今天天气不错", "物业几点下班"])
def test_nothing_is_suspected_without_a_sign(text: str) -> None:
    assert not urgency.suspected(urgency.spotted(text))


@pytest.mark.parametrize("name", sorted(urgency.SCOPES))
def test_each_scope_takes_a_danger_back(name: str) -> None:
    rule = re.compile(urgency.SCOPES[name])
    assert all(rule.search(text) for text in TAKEN_BACK[name])


@pytest.mark.parametrize(
    "text",
    ["厨房起火了快来人", "电梯里困着三个人", "老爷子叫不醒了", "孩子掉河里了", "她喝了农药"],
)
def test_danger_here_and_now_is_not_taken_back(text: str) -> None:
    assert urgency.alarmed(text)
    assert not urgency.taken_back(urgency.spotted(text))


@pytest.mark.parametrize(
    ("text", "kind", "score", "urgent"),
    [
        ("厨房起火了", "report", -0.9, True),
        ("厨房起火了", "report", -1.1, False),
        ("厨房起火了", "chat", 0.0, True),
        ("厨房起火了", "command", 9.0, False),
        ("厨房起火了", "order", 9.0, False),
        ("去年厨房起火", "report", -0.5, False),
        ("去年厨房起火", "report", 0.5, True),
        ("她喝了农药", "report", -2.0, True),
        ("她喝了农药", "report", -3.0, False),
        ("小说里她喝了农药", "report", -2.0, False),
        ("楼道灯坏了", "report", 1.4, False),
        ("楼道灯坏了", "report", 1.6, True),
    ],
)
def test_the_line_depends_on_words_and_scope(
    text: str, kind: str, score: float, urgent: bool
) -> None:
    assert urgency.decide(urgency.spotted(text), kind, score, LINES) is urgent


@given(st.text(max_size=60), st.floats(-5, 5), st.floats(0, 3))
def test_a_higher_score_never_takes_urgency_away(text: str, score: float, more: float) -> None:
    seen = urgency.spotted(text)
    before = urgency.decide(seen, "report", score, LINES)
    assert urgency.decide(seen, "report", score + more, LINES) >= before


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    seen = urgency.spotted(text)
    assert seen <= {*urgency.DANGERS, *urgency.SCOPES, *SIGNS}
    assert urgency.alarmed(text) == bool(urgency.alarm(text)) == (not seen.isdisjoint(DANGEROUS))
    assert urgency.taken_back(seen) == bool(urgency.retreat(text))


def test_the_quick_search_misses_nothing() -> None:
    rules = {**urgency.DANGERS, **urgency.SCOPES, **SIGNS}
    slow = {name: re.compile(rule) for name, rule in rules.items()}
    texts = [e.text for e in corpus.shipped()[::4]] + [x for own in DANGEROUS.values() for x in own]
    for text in texts:
        assert urgency.spotted(text) == {name for name, rule in slow.items() if rule.search(text)}


def test_no_two_kinds_have_one_name() -> None:
    names = [*urgency.DANGERS, *urgency.SCOPES, *SIGNS]
    assert len(names) == len(set(names))
    assert set(urgency.GRAVE) <= set(urgency.DANGERS)


def test_every_rule_has_its_examples() -> None:
    assert set(DANGEROUS) == set(urgency.DANGERS)
    assert set(TAKEN_BACK) == set(urgency.SCOPES)


@pytest.mark.parametrize(
    ("text", "word", "back"),
    [
        ("灯坏了", "", ""),
        ("厨房着火了", "着火", ""),
        ("消防演练，模拟着火", "着火", "演练"),
    ],
)
def test_the_words_that_decide_are_named(text: str, word: str, back: str) -> None:
    assert urgency.alarm(text).startswith(word)
    assert bool(urgency.alarm(text)) is bool(word) is urgency.alarmed(text)
    assert urgency.retreat(text) == back
    assert bool(back) is urgency.taken_back(urgency.spotted(text))


@pytest.mark.parametrize("name", sorted(urgency.DANGERS))
def test_every_way_of_saying_a_danger_is_needed_and_proved(name: str) -> None:
    texts = [*DANGEROUS[name], *danger_words.DANGERS[name].split()]
    assert [text for text in texts if not re.search(urgency.DANGERS[name], text)] == []
    assert unproved(urgency.DANGERS[name], texts) == []


@pytest.mark.parametrize("name", sorted(urgency.SCOPES))
def test_every_word_that_takes_a_danger_back_is_needed_and_proved(name: str) -> None:
    texts = [*TAKEN_BACK[name], *danger_words.SCOPES[name].split()]
    assert [text for text in texts if not urgency.taken_back(urgency.spotted(text))] == []
    assert unproved(urgency.SCOPES[name], texts) == []


def test_a_call_for_life_says_so_by_any_of_its_words() -> None:
    """What is named to the leader as the reason is a word of the message itself."""
    words = [word for said in danger_words.DANGERS.values() for word in said.split()]
    assert [word for word in words if not word.count(urgency.alarm(word)) > 0] == []
    assert [word for word in words if not urgency.alarm(f"大家好，{word}")] == []
