"""A reply beside what it answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.classify import LinearClassifier
from nlp.context import LONGEST_REPLY, answered, echoes, entrusts
from nlp.reading import Issue, Place, Reading

LAMP = Reading(
    "report",
    codes=("0403",),
    candidates=("0203",),
    nature="求助",
    places=(Place("3号楼2单元", "3幢2单元", 0),),
    confidence=0.9,
    reasons=("楼道灯",),
    issues=(Issue("0403", 0, 12),),
)
TALK = Reading("chat", confidence=0.9)


def report(code: str, confidence: float, *places: str) -> Reading:
    found = tuple(Place(place, place) for place in places)
    return Reading("report", codes=(code,), confidence=confidence, places=found)


@pytest.fixture(scope="module")
def classifier() -> LinearClassifier:
    return LinearClassifier.load()


@pytest.mark.parametrize(
    "text",
    [
        "登记一下",
        "@小格 登记一下",
        "帮忙登记一下吧",
        "麻烦把这个报上去",
        "记一下",
        "请受理",
        "给立个案",
    ],
)
def test_words_that_entrust(text: str) -> None:
    assert entrusts(text)


@pytest.mark.parametrize(
    "text",
    ["登记费太贵了", "楼道灯坏了登记一下", "怎么登记", "不用登记", "", "谢谢",
     "登记一下，还有电梯也坏了三天了没人来修过"],
)  # fmt: skip
def test_words_that_entrust_nothing(text: str) -> None:
    assert not entrusts(text)


@pytest.mark.parametrize(
    "text", ["+1", "＋1", "加一", "我家也是", "同上", "5号楼也一样", "我们也停了"]
)
def test_words_that_join_in(text: str) -> None:
    assert echoes(text)


@pytest.mark.parametrize("text", ["", "是的", "1+1=2", "我也觉得这个菜好吃", "收到"])
def test_words_that_do_not_join_in(text: str) -> None:
    assert not echoes(text)


@given(st.text(alphabet="@@登记一下这个，,  我也是请帮", max_size=2000))
def test_long_texts_entrust_nothing_and_cost_nothing(text: str) -> None:
    if len(text) > LONGEST_REPLY:
        assert not entrusts(text)
        assert not echoes(text)


def test_entrusted_is_the_quoted_report() -> None:
    reading = answered(TALK, "@小格 登记一下", LAMP)
    assert (reading.kind, reading.codes, reading.nature) == ("report", ("0403",), "求助")
    assert reading.of_quoted
    assert reading.issues == ()
    assert [(p.normal, p.start) for p in reading.places] == [("3幢2单元", -1)]


@pytest.mark.parametrize(
    ("own", "text"),
    [
        (TALK, "+1"),
        (TALK, "我家也是"),
        (Reading("follow_up", confidence=0.7), "到现在没人管"),
        (report("9901", 0.3), "这个到现在没人管"),
        (report("0403", 0.9), "灯还是坏的"),
        (report("0203", 0.9), "路灯也坏了"),
    ],
)
def test_short_answers_follow_the_report_up(own: Reading, text: str) -> None:
    reading = answered(own, text, LAMP)
    assert (reading.kind, reading.codes, reading.of_quoted) == ("follow_up", ("0403",), True)
    assert [p.normal for p in reading.places] == ["3幢2单元"]
    assert reading.issues == ()


@pytest.mark.parametrize(
    ("own", "text"),
    [
        (TALK, "哈哈"),
        (report("0101", 0.8), "垃圾三天没收了"),
        (report("0403", 0.9, "5幢"), "5号楼的灯坏了"),
        (report("0403", 0.9), "楼道灯从上个月就坏了，老人上下楼摔过两次，物业一直说没有灯泡"),
        (Reading("command", confidence=0.9), "派单 3"),
        (Reading("report", codes=("0801",), urgent=True), "着火了"),
    ],
)
def test_what_stands_alone_stays(own: Reading, text: str) -> None:
    assert answered(own, text, LAMP) is own


@pytest.mark.parametrize("kind", ["chat", "notice", "order", "follow_up", "command"])
def test_only_reports_are_answered_like_that(kind: str) -> None:
    own = report("9901", 0.3)
    assert answered(own, "这个到现在没人管", Reading(kind)) is own
    assert answered(TALK, "登记一下", Reading(kind)) is TALK


def test_the_places_of_the_answer_come_first() -> None:
    own = Reading("follow_up", places=(Place("5号楼", "5幢", 0),), confidence=0.8)
    assert answered(own, "5号楼也是", LAMP).places == own.places


QUOTED = "3号楼2单元楼道灯坏了好几天了"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("登记一下", "report"),
        ("+1", "follow_up"),
        ("我家也是", "follow_up"),
        ("这个到现在没人管", "follow_up"),
        ("还没修好呢", "follow_up"),
        ("哈哈哈", "chat"),
        ("5号楼电梯停了两天，老人下不来", "report"),
    ],
)
def test_whole_readings(classifier: LinearClassifier, text: str, kind: str) -> None:
    reading = classifier.read(text, quoted=QUOTED)
    assert reading.kind == kind
    assert reading.of_quoted == (kind == "follow_up" or text == "登记一下")
    if reading.of_quoted:
        assert reading.codes[0] == "0403"
        assert reading.places[0].normal == "3幢2单元"
    assert classifier.read_batch([text], quoted=[QUOTED]) == [reading]


def test_a_danger_told_in_an_answer_is_one(classifier: LinearClassifier) -> None:
    reading = classifier.read("着火了！快来人", quoted=QUOTED)
    assert reading.urgent
    assert not reading.of_quoted
