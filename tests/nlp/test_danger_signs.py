"""Signs of danger: each family seen in its ways of speaking, and not in its harmless neighbours."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import danger_signs
from nlp.urgency import spotted
from tests.nlp import sign_words

SEEN = {
    "burning": ("草垛引着了", "厨房飘黑烟", "充电那辆电瓶鼓包冒泡", "灭火器在哪"),
    "leaking": ("一股臭鸡蛋味", "报警器一直叫", "阀门嘶嘶响", "水里有农药味"),
    "stuck": ("脚别住拔不出来", "里头有人拍门", "人在车底", "孩子反锁屋里"),
    "lifeless": ("喊他没反应", "趴在台阶上", "站不起来了", "脸煞白"),
    "failing": ("嘴角往下耷拉", "胸口压了石头", "吃错药了", "呼吸机快没电"),
    "hurt": ("砸着个大姐", "后脑勺着地", "开水烫了手", "滚下来了"),
    "giving_up": ("坐在窗台外", "下辈子见", "不想拖累你们", "爬上塔吊"),
    "live_wire": ("摸着麻手", "电线断在水里", "变压器底下", "裸线在甩"),
    "drowning": ("滑进河里没上来", "冰面上有窟窿", "掉下去一个", "水灌进来"),
    "missing": ("一转身人没了", "孩子没到家", "认不得路", "留了字条"),
    "silent_home": ("敲半天没人", "电话打不通", "三天没拿牛奶", "一个人住"),
    "fighting": ("抡起凳子", "追着人打", "躲厕所里", "手里攥着剪刀"),
    "paying_now": ("正在柜台转账", "屏幕共享开着", "劝不住他", "骗子控制我手机"),
    "falling": ("墙往下掉块", "树歪了", "只剩一根丝吊着", "脚下塌了"),
    "throng": ("几百人推门", "围着不让走", "打横幅的", "冲进售楼处"),
    "beasts": ("大狗扑倒小孩", "疯狗乱窜", "滑梯下有条蛇", "藏獒跑出来"),
    "pressing": ("快来人", "谁离得近去看看", "现在还在", "底下还有人"),
}
QUIET = (
    "请问社保几点上班",
    "物业费能不能晚几天交",
    "好的收到谢谢",
    "广场舞声音太大",
    "鸡蛋一板三十",
    "今天天气不错",
    "路灯不亮",
    "建议多种几棵桂花",
)


@pytest.mark.parametrize("family", sorted(danger_signs.SIGNS))
def test_each_family_is_seen_in_its_ways_of_speaking(family: str) -> None:
    rule = re.compile(danger_signs.SIGNS[family])
    assert [text for text in SEEN[family] if not rule.search(text)] == []


@pytest.mark.parametrize("text", QUIET)
def test_quiet_lines_show_no_sign(text: str) -> None:
    assert spotted(text).isdisjoint(SEEN)


def test_every_family_of_a_text_is_named() -> None:
    assert spotted("草垛引着了快来人") & SEEN.keys() == {"burning", "pressing"}
    assert set(SEEN) == set(danger_signs.SIGNS)


@given(st.text(max_size=20), st.sampled_from([t for own in SEEN.values() for t in own]))
def test_a_sign_is_seen_wherever_it_stands(around: str, sign: str) -> None:
    assert spotted(f"{around}，{sign}，{around}") & SEEN.keys()


@pytest.mark.parametrize("family", sorted(danger_signs.SIGNS))
def test_every_form_of_a_sign_is_seen_as_its_family(family: str) -> None:
    rule = re.compile(danger_signs.SIGNS[family])
    forms = sign_words.SIGNS[family].split()
    assert [form for form in forms if not rule.search(f"大家好，{form}")] == []
    assert forms
