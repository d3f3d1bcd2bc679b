"""Replaying really judges: the shipped stories reach their ends, a wrong end is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.replay import replay
from bot.settings import Settings
from bot.story import parse
from nlp.classify import LinearClassifier

STORIES = sorted((Path(__file__).parents[2] / "examples/stories").glob("*.txt"))
TEXTS = {path: path.read_text(encoding="utf-8") for path in STORIES}
LAMP = """\
故事：灯
开始：2026-11-25 09:00
群：local:g1
人物：小王=local:wang 网格长=local:leader
09:00 小王：7幢2单元的楼道灯坏了好几天了
小格：{expected}
09:10 网格长：办结 {number} 换了灯泡
09:20 小王：{verdict}〔引用：{quote}〕
{ending}
"""
GOOD = {
    "expected": "已登记 #1", "number": "1", "verdict": "满意", "quote": "请反映人看看",
    "ending": "结局 #1 楼道灯 已销号 满意",
}  # fmt: skip


@pytest.fixture(scope="module")
def classifier() -> LinearClassifier:
    return LinearClassifier.load()


@pytest.mark.parametrize("path", STORIES, ids=lambda p: p.stem)
async def test_shipped_stories_reach_their_ends(path: Path, classifier: LinearClassifier) -> None:
    lines: list[str] = []
    story = parse(TEXTS[path])
    assert await replay(story, Settings(), lines.append, classifier) == []
    assert any("日报" in line for line in lines)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, ""),
        ({"expected": "已登记 #7"}, "小格没有说“已登记 #7”"),
        ({"quote": "没人说过的话"}, "没有可引用的消息"),
        ({"verdict": "不满意 还是不亮"}, "缺少 已销号"),
        ({"ending": "结局 #2 楼道灯"}, "#2 缺少 楼道灯"),
        ({"ending": GOOD["ending"] + "\n日报：新增9件"}, "日报里没有“新增9件”"),
    ],
)
async def test_a_story_that_goes_wrong_is_reported(
    change: dict[str, str], problem: str, classifier: LinearClassifier
) -> None:
    story = parse(LAMP.format(**{**GOOD, **change}))
    problems = await replay(story, Settings(), lambda _: None, classifier)
    if problem:
        assert any(problem in line for line in problems), problems
    else:
        assert problems == []


async def test_the_transcript_shows_times_names_and_quotes(classifier: LinearClassifier) -> None:
    lines: list[str] = []
    await replay(parse(LAMP.format(**GOOD)), Settings(), lines.append, classifier)
    text = "\n".join(lines)
    assert "11-25 09:00  小王（示例）：7幢2单元的楼道灯坏了好几天了" in text
    assert "〔引用：7幢2单元" in text
    assert "✓ #1 楼道灯 已销号" in text
