"""What single sentences depend on: one or several, with or without, for the one or the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import texts
from bot.settings import UrgentSection
from routing.commands import Verb
from routing.ticket import Result, State, Verdict
from tests.bot.wording import DUE, line

PHONES = {**UrgentSection().model_dump(), "gas": "0000-1000024"}
ASKS_PLACE = "请问在几号楼、哪条路或者谁家附近？直接回复就行。"


@pytest.mark.parametrize(
    ("count", "head"),
    [(2, "已登记两件："), (3, "已登记三件："), (10, "已登记十件："), (11, "已登记11件：")],
)
def test_a_receipt_of_several_is_a_list(count: int, head: str) -> None:
    text = texts.receipt([line(n) for n in range(1, count + 1)], ask_place=False)
    first, *rows = text.splitlines()
    assert first == head
    assert rows == [f"#{n} 楼道灯｜7幢2单元楼道，{DUE}办结" for n in range(1, count + 1)]


def test_a_receipt_of_one_is_a_sentence() -> None:
    assert texts.receipt([line()], ask_place=False) == (
        f"已登记 #12 楼道灯｜7幢2单元楼道，{DUE}办结。"
    )


@pytest.mark.parametrize("notes", [(), ("复发。",), ("复发。", "再来。")])
@pytest.mark.parametrize("asks", [True, False])
def test_a_receipt_ends_with_its_question(asks: bool, notes: tuple[str, ...]) -> None:
    rows = texts.receipt([line(place="")], asks, notes).splitlines()
    assert rows[1 : 1 + len(notes)] == list(notes)
    assert (rows[-1] == ASKS_PLACE) is asks
    assert len(rows) == 1 + len(notes) + asks


@pytest.mark.parametrize(("again", "words"), [(False, "请马上处理"), (True, "上一位值班人员")])
def test_an_urgent_call_says_whether_it_is_the_first(again: bool, words: str) -> None:
    text = texts.urgent_call(line(), again=again)
    assert words in text
    assert text.endswith("收到请回复：我来")


@pytest.mark.parametrize(("source", "shown"), [("", False), ("社区", True)])
def test_an_answer_names_its_source(source: str, shown: bool) -> None:
    text = texts.answered(line(), "周一接种", source)
    assert text.startswith("#12 周一接种")
    assert ("（来源：" in text) is shown
    assert text.endswith("满意／一般／不满意")


@pytest.mark.parametrize("result", Result)
def test_a_finish_claims_no_more_than_it_is(result: Result) -> None:
    for text in (
        texts.ask_verdict(line(), result, "看过了"),
        texts.result_for_supporter(line(), result, "看过了"),
    ):
        assert ("已办结" in text) is (result is Result.SOLVED)
        assert "：看过了\n" in text
        assert "不满意" in text


@pytest.mark.parametrize(
    ("percent", "late", "words"),
    [
        (50, "", "办理时间已过一半，11月25日18:00前办结。"),
        (80, "", "快到期限了（黄牌），11月25日18:00前办结。"),
        (100, "", "已到办结期限（红牌），原定11月25日18:00前办结，还没有办结。"),
        (100, "9小时", "已到办结期限（红牌），原定11月25日18:00前办结，已超期9小时。"),
        (150, "2天", "已严重超期（红牌），原定11月25日18:00前办结，已超期2天。"),
    ],
)
def test_every_step_of_the_ladder_has_its_words(percent: int, late: str, words: str) -> None:
    text = texts.ladder(line(), percent, late)
    assert words in text
    assert text == texts.ladder(replace(line(), due="已超期，尽快", was=DUE), percent, late) or (
        percent < 100
    )
    assert text.endswith("办好回复 办结 12 做了什么；确有困难回复 延期 12 天数 原因")


@pytest.mark.parametrize(
    ("missing", "end"),
    [([], "，都到齐了。"), (["供水"], "，还差供水。"), (["甲", "乙"], "还差甲、乙。")],
)
def test_arrivals(missing: list[str], end: str) -> None:
    assert texts.arrived(line(), "物业", missing).endswith(end)


@pytest.mark.parametrize(
    ("rest", "end"), [([], "各单位都办完了。"), (["供水", "排水"], "还有供水、排水没有办完。")]
)
def test_shares(rest: list[str], end: str) -> None:
    text = texts.share_done(line(), "物业", "清洗了水箱", rest)
    assert "物业已办完：清洗了水箱" in text
    assert text.endswith(end)


@pytest.mark.parametrize(("why", "said"), [("", "12 楼道灯｜7幢2单元楼道。"), ("快", "：快。")])
def test_a_supervision_with_and_without_words(why: str, said: str) -> None:
    assert said in texts.supervised(line(), why)


@pytest.mark.parametrize("unit", ["", "示例供水公司"])
def test_a_new_report_proposes_a_unit_only_if_there_is_one(unit: str) -> None:
    text = texts.new_for_leader(line(), "灯坏了", unit)
    assert ("派给" in text) is bool(unit)
    assert "确认 12" in text
    assert "驳回 12" in text


@pytest.mark.parametrize(
    ("verdict", "result", "own", "parts"),
    [
        (Verdict.NONE, Result.SOLVED, False, ["没有评价"]),
        (Verdict.UNRATED, Result.SOLVED, False, ["没有评价"]),
        (Verdict.UNRATED, Result.SOLVED, True, ["没有评价"]),
        (Verdict.SATISFIED, Result.UNABLE, False, ["评价“满意”", "无法解决"]),
        (Verdict.PARTLY, Result.EXTERNAL, False, ["评价“一般”", "转外部"]),
        (Verdict.SATISFIED, Result.SOLVED, True, ["自己代报、立案或办理过"]),
    ],
)
def test_why_a_second_person_is_needed(
    verdict: Verdict, result: Result, own: bool, parts: list[str]
) -> None:
    given = line(verdict=verdict, result=result)
    text = texts.needs_second_person(given, own_work=own)
    assert all(part in text for part in parts)
    assert "销号 12 核实情况" in text
    assert "撤销 12" in text


@pytest.mark.parametrize("asked", [True, False])
def test_who_rates_own_work_hears_who_will_decide(asked: bool) -> None:
    text = texts.own_work_waits(line(), asked)
    assert ("已请没有经手的同志" in text) is asked
    assert ("请社区或街道" in text) is not asked


@pytest.mark.parametrize("state", State)
def test_a_verdict_that_is_not_due(state: State) -> None:
    text = texts.no_verdict_due(line(state=state))
    ended = state not in {
        State.REPORTED, State.CONFIRMED, State.DISPATCHED, State.IN_PROGRESS, State.SUSPENDED,
    }  # fmt: skip
    assert f"“{state.label}”" in text
    assert ("没修好" in text) is ended


@pytest.mark.parametrize(
    ("unit", "due", "text"),
    [
        ("", "", "#12 楼道灯｜7幢2单元楼道：挂账。"),
        ("供水", "", "#12 楼道灯｜7幢2单元楼道：挂账，供水办理。"),
        ("", "明天前", "#12 楼道灯｜7幢2单元楼道：挂账，明天前办结。"),
        ("供水", "明天前", "#12 楼道灯｜7幢2单元楼道：挂账，供水办理，明天前办结。"),
    ],
)
def test_progress(unit: str, due: str, text: str) -> None:
    assert texts.progress(line(), "挂账", unit, due) == text


@pytest.mark.parametrize("count", [1, 6, 7, 30])
def test_no_more_candidates_than_anybody_reads(count: int) -> None:
    text = texts.which([line(n) for n in range(1, count + 1)], "办结")
    assert text.count("#") == min(count, 6)
    assert ("等。" in text) is (count > 6)
    assert text.endswith("例如：办结 1")


@pytest.mark.parametrize(("staff", "look"), [(True, "待办"), (False, "进度")])
def test_who_errs_about_a_number_is_told_where_to_look(staff: bool, look: str) -> None:
    assert (
        texts.no_such_number(99, staff=staff) == f"没有找到 #99，请核对编号，或回复 {look} 查看。"
    )


@pytest.mark.parametrize(
    ("allowed", "end"), [([], "不能办结。"), (["恢复", "进展"], "不能办结，可以：恢复、进展。")]
)
def test_an_illegal_move(allowed: list[str], end: str) -> None:
    text = texts.illegal(line(state=State.SUSPENDED), Verb.RESOLVE, allowed)
    assert "“挂账”" in text
    assert text.endswith(end)


@pytest.mark.parametrize(
    ("marks", "rows"),
    [
        ([], ["现在没有等待处理的事项。"]),
        (["红", "", "黄"], ["待办3件：", "【红·已超期】#1 ", "#2 ", "【黄·快到期】#3 "]),
    ],
)
def test_the_todo_list(marks: list[str], rows: list[str]) -> None:
    text = texts.todo([(mark, line(n), []) for n, mark in enumerate(marks, 1)])
    lines = text.splitlines()
    assert len(lines) == len(rows)
    assert all(one.startswith(row) for one, row in zip(lines, rows, strict=True))


@pytest.mark.parametrize("words", [[], ["楼道灯", "坏"]])
def test_the_reasons_of_a_category(words: list[str]) -> None:
    text = texts.why(line(), words, ["类别“楼道灯”", "单位“物业”"])
    assert ("是按整句话判断的" in text) is (not words)
    assert all(word in text for word in words)
    assert text.splitlines()[1:] == ["类别“楼道灯”", "单位“物业”"]


@pytest.mark.parametrize(("task", "shown"), [(True, True), (False, False)])
@pytest.mark.parametrize(("hours", "span"), [(24.0, "24小时"), (0.5, "0.5小时")])
def test_what_is_to_be_sent_by_hand(task: bool, shown: bool, hours: float, span: str) -> None:
    text = texts.please_send(3, "“甲”群", ["一", "二"], hours, task)
    assert ("群发 3" in text) is shown
    assert f"；{span}内没有发出就作废。" in text
    head, first, second, end = text.split(texts.LINE)
    assert head.strip() == "【请代发 3】发到“甲”群，共2条："
    assert (first.strip(), second.strip()) == ("一", "二")
    assert "已发 3" in end


@pytest.mark.parametrize("words", [0, 4])
def test_what_was_learned_in_the_night(words: int) -> None:
    text = texts.learned(7, words)
    assert "7句更正" in text
    assert ("新认得4个词" in text) is bool(words)


@pytest.mark.parametrize(
    ("code", "first", "numbers"),
    [
        ("0303", "不要动火", ["0000-1000024", "119"]), ("0302", "有人触电先断电", ["120", "119"]),
        ("0404", "不要扒门", ["120", "119"]), ("0801", "走楼梯不坐电梯", ["119"]),
        ("0806", "不要随意搬动伤者", ["120", "119"]), ("1302", "不要让他一个人", ["110", "12356"]),
        ("1303", "衣着", ["110"]), ("1501", "先避开", ["110"]), ("1705", "肥皂水", ["110"]),
        ("9999", "离开危险的地方", ["110", "120"]), ("", "离开危险的地方", ["110"]),
    ],
)  # fmt: skip
def test_advice_by_category_with_the_numbers_of_the_place(
    code: str, first: str, numbers: list[str]
) -> None:
    text = texts.advice(code, PHONES)
    assert first in text
    assert all(number in text for number in numbers)
    assert "{" not in text


def test_the_numbers_of_another_place_are_the_ones_that_are_told() -> None:
    phones = {"police": "1", "fire": "2", "ambulance": "3", "gas": "4"}
    assert "燃气抢修 4，火警 2" in texts.advice("0303", phones)
    assert "拨打 1（救护 3）" in texts.advice("", phones)
