"""The strings that the models see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import corpus, sounds
from nlp.features import Features, extract, fold_digits, shapes, turns, written
from nlp.segment import Segmenter, cut, domain_words
from nlp.spotter import signs_of

TABLE = sounds.table()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("3号楼", "0号楼"),
        ("12号楼301", "12号楼00"),
        ("拨打119", "拨打119"),
        ("打12345", "打12345"),
        ("13800000000", "00"),
        ("没有数字", "没有数字"),
    ],
)
def test_numbers_fold_but_hot_lines_stay(text: str, folded: str) -> None:
    assert fold_digits(text) == folded


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("12、5-302 鸡蛋一板", "entry"),
        ("#接龙¶1. 王 两份¶2. 李 一份", "list"),
        ("302", "number"),
        ("5栋2单元", "unit"),
        ("3号楼301室", "unit"),
        ("鸡蛋2斤", "amount"),
        ("8点停水", "clock"),
        ("50元一份", "money"),
        ("修好了吗", "asks"),
        ("啥时候来?", "question"),
        ("@物业 灯坏了", "at"),
        ("第一行¶第二行", "lines"),
        ("各位邻居", "everyone"),
        ("刚才", "now"),
    ],
)
def test_shapes(text: str, form: str) -> None:
    assert form in shapes(text, signs_of(text))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("楼道灯坏了", "entry"),
        ("楼道灯坏了", "unit"),
        ("停水", "asks"),
        ("停水", "money"),
        ("两份", "list"),
        ("停水", "number"),
    ],
)
def test_shapes_that_are_not_there(text: str, form: str) -> None:
    assert form not in shapes(text, signs_of(text))


def test_length_falls_into_one_class() -> None:
    for size in (1, 5, 9, 20, 80, 200):
        assert sum(name.startswith("len") for name in shapes("好" * size, set())) == 1


def test_families_hold_what_they_promise() -> None:
    found = extract("灯坏了", ["灯", "坏", "了"], TABLE)
    assert isinstance(found, Features)
    assert {"灯", "灯坏", "坏了", "^灯", "了$"} <= set(found.chars)
    assert found.words == ["灯", "坏", "了"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("路灯", "路登"), ("下水道", "下水到"), ("电梯", "电题"), ("拉圾", "垃圾"), ("物业", "物叶")],
)
def test_homophones_share_their_sounds(one: str, other: str) -> None:
    assert extract(one, [], TABLE).sounds == extract(other, [], TABLE).sounds


def test_different_sounds_stay_apart() -> None:
    assert extract("停水", [], TABLE).sounds != extract("停电", [], TABLE).sounds


@pytest.mark.parametrize(
    ("sound", "plain"),
    [("shang", "sang"), ("zhong", "zong"), ("chi", "ci"), ("jing", "jin"), ("sheng", "sen")],
)
def test_sounds_that_people_confuse(sound: str, plain: str) -> None:
    assert sounds.plain(sound) == plain


@given(st.text(max_size=50))
def test_any_text_has_features(text: str) -> None:
    found = extract(text, cut(text), TABLE)
    assert found.chars
    assert found.shapes


@given(st.text(max_size=50))
def test_words_join_to_the_text(text: str) -> None:
    assert "".join(cut(text)) == text


def test_domain_words_stay_whole() -> None:
    assert cut("楼道灯坏了")[0] == "楼道灯"
    assert "窨井盖" in cut("路口窨井盖翘了")
    assert len(set(domain_words())) > 150


def test_own_names_stay_whole_once_learned() -> None:
    segmenter = Segmenter()
    assert "锦绣华庭" not in segmenter.cut("锦绣华庭门口")
    segmenter.learn(["锦绣华庭"])
    assert segmenter.cut("锦绣华庭门口")[0] == "锦绣华庭"


@pytest.mark.filterwarnings("ignore")
def test_same_words_as_jieba(tmp_path: Path) -> None:
    import jieba  # noqa: PLC0415 - it warns when it is compiled

    reference = jieba.Tokenizer()
    reference.tmp_dir = str(tmp_path)
    reference.initialize()
    plain = Segmenter()
    texts = [e.text for e in corpus.shipped()[::25] if not e.text.isascii()]
    ours = [plain.cut(t) for t in texts if not any(c.isascii() and c.isalnum() for c in t)]
    theirs = [
        reference.lcut(t, HMM=False)
        for t in texts
        if not any(c.isascii() and c.isalnum() for c in t)
    ]
    same = sum(a == b for a, b in zip(ours, theirs, strict=True))
    assert same / len(ours) > 0.995


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("高龄补贴怎么申请", ["does how"]),
        ("建议装个路灯,天天摸黑", ["does propose", "does blame"]),
        ("有人私自改燃气", ["does accuse"]),
        ("上次报的还没修好", ["does back", "does back", "does again", "does done"]),
        ("今天天气不错", []),
        ("物业天天不管", ["does blame", "does blame"]),
    ],
)
def test_what_sentences_do(text: str, does: list[str]) -> None:
    assert turns(text, written(text)) == does


@given(
    st.text(alphabet="停水吗12号楼,?！", max_size=12),
    st.text(alphabet="停水吗12号楼，？!", max_size=12),
)
def test_signs_are_those_of_the_text_asked_about(text: str, raw: str) -> None:
    assert signs_of(raw) <= written(text).signs_in(raw)
    assert signs_of(text) <= written(text).signs_in(text)


@given(st.text(alphabet="停水吗啊二1，?! ", max_size=9))
def test_whether_a_text_asks_does_not_hang_on_its_signs(text: str) -> None:
    asks = re.search(r"[吗么呢不没否嘛]\s*[?.!~]*$|\?", text)
    assert ("asks" in shapes(text, signs_of(text))) == bool(asks)
