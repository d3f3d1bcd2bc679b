"""A clerk's own rules, from the file to the leader's phone: who is proposed, and why."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Bot
from bot.clock import ManualClock
from bot.errors import SettingsError
from tests.scenarios.conftest import settings_in
from tests.scenarios.lines import GATE_LAMP, LAMP, QUARREL
from tests.scenarios.town import MONDAY, Interpreter, Town

RULES = """
# 全区：楼道灯先找住建
[[rule]]
code = "0403"
unit = "zhujian"

# 样板街道：公共设施类先找城管
[[rule]]
grid = "990101001"
code = "02"
unit = "chengguan"

# 示范社区第一网格：楼道灯先找供电，因为电表箱在楼道里
[[rule]]
grid = "990101001001001"
code = "0403"
unit = "gongdian"
urgent = false
why = "电表箱在楼道里"

# 不公开的事先找调解中心
[[rule]]
private = true
unit = "sifa"
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(RULES, encoding="utf-8")
    return path


@pytest.fixture
def wrong(rules: Path) -> Path:
    """The file with one rule that was typed badly."""
    rules.write_text(RULES + '[[rule]]\ncode = "0403"\nurgent = "是"\n', encoding="utf-8")
    return rules


@pytest.fixture
async def town(
    district_file: Path, tmp_path: Path, rules: Path, interpreter: Interpreter
) -> AsyncIterator[Town]:
    shutil.copyfile(district_file, tmp_path / "bot.db")
    clock = ManualClock(MONDAY)
    settings = settings_in(tmp_path, GRIDBOT_BOT_RULES=str(rules))
    bot = await Bot.open(settings, clock, interpreter)
    await bot.start()
    yield Town(bot, clock, interpreter)
    await bot.aclose()


async def test_the_nearest_rule_decides_who_is_proposed_and_says_why(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.at("leader").expect("派给示例供电公司回复 派单 1")
    await town.at("leader").tells("为什么 1")
    await town.at("leader").expect(
        "本地规则：示范社区第一网格的“楼道灯（不紧急）”先找示例供电公司，因为电表箱在楼道里。",
        "由示例供电公司（0000-1000023）先办。",
    )
    await town.at("leader").tells("派单 1")
    await town.at("power").expect("【派单】#1 楼道灯")


async def test_another_grid_of_the_street_follows_the_wider_rule(town: Town) -> None:
    await town.at("g2").says("yang", town.means(LAMP, "0403", place="7幢"))
    await town.at("leader2").expect("派给示例区住建局回复 派单 1")


async def test_a_rule_of_the_street_covers_a_whole_group_of_categories(town: Town) -> None:
    await town.group.says("wang", town.means(GATE_LAMP, "0203", place="东门"))
    await town.at("leader").expect("派给示例区综合执法局回复 派单 1")


async def test_private_matters_have_their_own_rule(town: Town) -> None:
    await town.group.says("wang", town.means(QUARREL, "0901"))
    assert (await town.ticket(1)).unit == "sifa"


async def test_a_changed_category_follows_the_rules_anew(town: Town) -> None:
    await town.group.says("wang", town.means(GATE_LAMP, "0203", place="东门"))
    await town.at("leader").tells("改类 楼道灯 1")
    assert (await town.ticket(1)).unit == "gongdian"


async def test_a_mistake_in_the_file_keeps_the_bot_from_starting_and_is_told(
    tmp_path: Path, wrong: Path, interpreter: Interpreter
) -> None:
    settings = settings_in(tmp_path, GRIDBOT_BOT_RULES=str(wrong))
    with pytest.raises(SettingsError) as caught:
        await Bot.open(settings, ManualClock(MONDAY), interpreter)
    assert caught.value.problems == [
        "[bot.rules] rules.toml 第5条规则：urgent = '是' 写法不对，要写 true 或 false",
        '[bot.rules] rules.toml 第5条规则：缺少 unit，要写先派给谁，例如 unit = "wuye"',
    ]
