"""Stories are read line by line, and a line that says nothing known is named."""

from __future__ import annotations

import pytest

from bot.story import StoryError, parse

HEAD = "故事：灯\n开始：2026-11-25 09:00\n群：local:g1\n人物：小王=local:wang 网格长=local:leader\n"
END = "结局 #1 楼道灯 已销号\n"


def test_a_story_has_people_steps_and_endings() -> None:
    story = parse(HEAD + "09:00 小王：灯坏了\n小格：已登记 #1\n小格→网格长：【待确认】\n" + END)
    assert (story.title, story.group) == ("灯", "local:g1")
    assert story.people == {"小王": "local:wang", "网格长": "local:leader"}
    assert [s.kind for s in story.steps] == ["say", "expect", "expect"]
    assert story.steps[2].who == "网格长"
    assert story.endings[0].words == ("楼道灯", "已销号")


def test_marks_and_days() -> None:
    story = parse(HEAD + "第3天 10:30 网格长（私聊）：办结 换了〔引用：已登记 #1〕〔照片〕\n" + END)
    step = story.steps[0]
    assert step.at.isoformat() == "2026-11-27T10:30:00"
    assert (step.private, step.photo, step.quote) == (True, True, "已登记 #1")
    assert step.text == "办结 换了"


def test_waiting_and_remarks() -> None:
    story = parse("// 说明\n" + HEAD + "18:30 （等待）\n日报：新增1件\n" + END)
    assert story.steps[0].kind == "wait"
    assert story.digest == ["新增1件"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (HEAD + "随便写一行\n" + END, "第5行"),
        (HEAD + "09:00 陌生人：你好\n" + END, "不认识说话的人"),
        (HEAD.replace("人物：小王=local:wang", "人物：小王") + END, "名字=账号"),
        (HEAD, "结局"),
        ("09:00 小王：灯坏了\n", "先写 开始"),
        ("群：local:g1\n" + END, "故事"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, named: str) -> None:
    with pytest.raises(StoryError, match=named):
        parse(text)
