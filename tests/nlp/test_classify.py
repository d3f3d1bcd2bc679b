"""From a message to a Reading, with the shipped model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.classify import LinearClassifier
from nlp.model import BadModelError, load
from nlp.reading import KINDS, NATURES, Reading
from nlp.taxonomy import load as load_taxonomy


@pytest.fixture(scope="module")
def classifier() -> LinearClassifier:
    return LinearClassifier.load()


REPORTS = [
    ("楼道灯坏了好几天了", "0403"),
    ("3号楼2单元的电梯又停了", "0404"),
    ("门口垃圾桶满了三天没人收", "0101"),
    ("后街路灯一排都不亮", "0203"),
    ("井盖被压碎了，走路小心", "0202"),
    ("一楼下水道堵了往上冒脏水", "0306"),
    ("消防通道被私家车堵死了", "0802"),
    ("我的电动车电瓶昨晚被偷了", "1501"),
    ("楼上半夜拖椅子吵得睡不着", "0603"),
    ("物业费凭什么又涨价", "0401"),
    ("暖气不热，屋里才十五度", "0304"),
    ("流浪狗成群追着孩子跑", "1702"),
    ("高龄补贴怎么申请", "1203"),
    ("老板拖欠我们三个月工资", "1001"),
    ("小区没有车位，转了半小时", "0702"),
    ("健身房关门跑路卡里还有钱", "1101"),
]


@pytest.mark.parametrize(("text", "code"), REPORTS)
def test_plain_reports(classifier: LinearClassifier, text: str, code: str) -> None:
    reading = classifier.read(text)
    assert reading.kind == "report"
    assert reading.codes[0] == code
    assert reading.confidence > 0.2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("确认", "command"),
        ("派单 3 供水", "command"),
        ("办结 3 已更换", "command"),
        ("修好了吗", "follow_up"),
        ("我家也是", "follow_up"),
        ("还没修好", "follow_up"),
        ("12、5-302 鸡蛋一板", "order"),
        ("#接龙\n1. 302 两份\n2. 501 一份", "order"),
        ("明天8点到12点停水，请大家提前储水", "notice"),
        ("早上好", "chat"),
        ("哈哈哈哈", "chat"),
        ("😂😂", "chat"),
        ("收到", "chat"),
        ("", "chat"),
    ],
)
def test_other_kinds_open_no_ticket(classifier: LinearClassifier, text: str, kind: str) -> None:
    reading = classifier.read(text)
    assert reading.kind != "report"
    assert reading.codes == ()
    if kind in ("command", "order", "notice", "follow_up"):
        assert reading.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "3号楼着火了，快来人",
        "电梯里困了两个人，有个孩子在哭",
        "楼道煤气味特别大，头都晕了",
        "有人要跳楼，在顶楼栏杆外面",
        "王奶奶晕倒了叫不醒",
        "孩子走丢了，穿红衣服",
        "楼下动刀了，快报警",
    ],
)
def test_danger_now_is_urgent(classifier: LinearClassifier, text: str) -> None:
    reading = classifier.read(text)
    assert reading.urgent
    assert reading.kind == "report"
    assert reading.codes


@pytest.mark.parametrize(
    "text",
    [
        "楼道灯坏了",
        "周三消防演练，看到烟不要慌",
        "昨晚那部电影里大火烧得真吓人",
        "去年我家厨房着过一次火",
        "火锅店生意火爆",
        "垃圾三天没收了",
        "确认",
        "通知：明天停水",
    ],
)
def test_no_danger_is_not_urgent(classifier: LinearClassifier, text: str) -> None:
    assert not classifier.read(text).urgent


def test_the_form_of_a_report(classifier: LinearClassifier) -> None:
    text = "3号楼2单元楼道灯坏了"
    reading = classifier.read(text)
    assert len(reading.candidates) <= 3
    assert not set(reading.codes) & set(reading.candidates)
    assert reading.nature in NATURES
    assert reading.reasons
    assert all(reason in text for reason in reading.reasons)
    assert [p.text for p in reading.places]
    assert reading.issues[0].code == reading.codes[0]


def test_of_equally_strong_reasons_the_first_in_the_model_comes_first() -> None:
    model = load()
    rows, flat = model.vocabularies["words"], model.weights.copy()
    flat[:, model.column("code", "0403")] = 0
    flat[list(rows.values()), model.column("code", "0403")] = 50
    reading = LinearClassifier(replace(model, weights=flat)).read("楼道灯坏了，电梯停了，路灯不亮")
    assert len(reading.reasons) == 3
    assert sorted(reading.reasons, key=rows.__getitem__) == list(reading.reasons)


def test_two_matters_get_their_spans(classifier: LinearClassifier) -> None:
    text = "北门那排路灯全不亮了。另外8号楼垃圾桶满得溢出来没人收。"
    reading = classifier.read(text)
    assert set(reading.codes) == {"0203", "0101"}
    lamp, rubbish = sorted(reading.issues, key=lambda issue: issue.start)
    assert "路灯" in text[lamp.start : lamp.end]
    assert "垃圾桶" in text[rubbish.start : rubbish.end]
    assert lamp.end <= rubbish.start


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("7幢楼道灯坏了，又停电", {"0403", "0302"}),
        ("7幢路灯坏了，也没水", {"0203", "0301"}),
        ("7幢停水了，停电了", {"0301", "0302"}),
        ("7幢楼道灯坏了，谢谢", {"0403"}),
        ("下水道堵了，返水", {"0306"}),
        ("电梯坏了，急", {"0404"}),
    ],
)
def test_a_short_last_clause_counts(
    classifier: LinearClassifier, text: str, codes: set[str]
) -> None:
    reading = classifier.read(text)
    assert set(reading.codes) == codes
    assert reading.issues[-1].end == len(text), "none of the words is left out"


def test_one_matter_is_one_issue(classifier: LinearClassifier) -> None:
    reading = classifier.read("电梯坏了。老人下不来楼。都三天了。")
    assert reading.codes == ("0404",)
    assert len(reading.issues) == 1


def test_a_reply_follows_up_what_it_answers(classifier: LinearClassifier) -> None:
    alone = classifier.read("还是老样子")
    reply = classifier.read("还是老样子", quoted="楼道灯已修好")
    assert reply.kind != "report"
    assert alone.kind in KINDS


def test_batches_read_the_same(classifier: LinearClassifier) -> None:
    texts = [text for text, _ in REPORTS] + ["确认", "哈哈", ""]
    one_by_one = [classifier.read(text) for text in texts]
    for a, b in zip(one_by_one, classifier.read_batch(texts), strict=True):
        assert (a.kind, a.codes, a.nature, a.urgent) == (b.kind, b.codes, b.nature, b.urgent)
        assert a.confidence == pytest.approx(b.confidence, abs=1e-3)
    assert classifier.read_batch([]) == []


PIECES = st.sampled_from(
    [*(text for text, _ in REPORTS), "确认", "哈哈", "", "早上好", "着火了", "，", "另外"]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=3).map("。".join), max_size=20))
def test_company_in_a_batch_changes_no_reading(
    classifier: LinearClassifier, texts: list[str]
) -> None:
    for alone, together in zip(
        map(classifier.read, texts), classifier.read_batch(texts), strict=True
    ):
        assert replace(alone, confidence=0, doubt=0) == replace(together, confidence=0, doubt=0)
        assert alone.confidence == pytest.approx(together.confidence, abs=1e-4)
        assert alone.doubt == pytest.approx(together.doubt, abs=1e-4)


def test_a_batch_takes_the_words_and_quotes_of_every_text(classifier: LinearClassifier) -> None:
    texts = ["蓝湾半岛门口路灯不亮", "蓝湾半岛门口路灯不亮", "还是老样子"]
    words: list[tuple[str, ...]] = [("蓝湾半岛",), (), ()]
    quoted = ["", "", "楼道灯已修好"]
    alone = [classifier.read(*one) for one in zip(texts, words, quoted, strict=True)]
    for a, b in zip(alone, classifier.read_batch(texts, words, quoted), strict=True):
        assert (a.kind, a.codes, a.places) == (b.kind, b.codes, b.places)
    assert alone[0].places[0].text.startswith("蓝湾半岛门口")
    assert [r.kind for r in classifier.read_batch(texts, quoted=quoted)] == [r.kind for r in alone]


@pytest.mark.parametrize("more", [{"words": [()]}, {"quoted": ["a", "b", "c"]}])
def test_a_batch_of_unequal_lengths_is_refused(
    classifier: LinearClassifier, more: dict[str, list[str]]
) -> None:
    with pytest.raises(ValueError, match="zip"):
        classifier.read_batch(["早", "晚"], **more)


def test_a_grids_own_words_are_kept(classifier: LinearClassifier) -> None:
    reading = classifier.read("蓝湾半岛门口路灯不亮", words=("蓝湾半岛",))
    assert any("蓝湾半岛" in place.text for place in reading.places)


@pytest.mark.parametrize(
    ("right", "typed"),
    [("路灯不亮", "路登不亮"), ("下水道堵了", "下水到堵了"), ("楼道燈壞了", "楼道灯坏了")],
)
def test_typos_and_scripts_change_little(
    classifier: LinearClassifier, right: str, typed: str
) -> None:
    assert classifier.read(right).codes[:1] == classifier.read(typed).codes[:1]


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=120))
def test_any_text_is_read(classifier: LinearClassifier, text: str) -> None:
    reading = classifier.read(text)
    known = load_taxonomy().minors
    assert isinstance(reading, Reading)
    assert reading.kind in KINDS
    assert 0 <= reading.confidence <= 1
    assert all(code in known for code in (*reading.codes, *reading.candidates))
    assert (reading.kind == "report") == bool(reading.codes)
    assert all(0 <= i.start <= i.end <= len(text) for i in reading.issues)


def test_the_model_tells_what_it_is(classifier: LinearClassifier) -> None:
    meta = classifier.meta
    assert meta["lines"] > 6000
    assert len(meta["corpus"]) == 16
    assert 0.5 < meta["metrics"]["code_top1"] <= 1


def test_ranking_is_of_the_taxonomy(classifier: LinearClassifier) -> None:
    (best,) = classifier.rank(["路灯不亮"])
    assert best[0] == "0203"
    assert len(set(best)) == len(best) >= 4


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(b"no model")
    with pytest.raises(BadModelError, match=r"x\.npz"):
        LinearClassifier.load(path)
    with pytest.raises(FileNotFoundError):
        LinearClassifier.load(path.with_name("absent.npz"))
