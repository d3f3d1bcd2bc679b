"""The daily digests: who gets which one at which hour, and what stands in it on which day."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import Bot
from bot.clock import ManualClock
from bot.texts import STILL_HERE
from routing.parts import Parts, Role
from tests.scenarios.conftest import settings_in
from tests.scenarios.lines import GATE_LAMP, GYM, LAMP, WAGES
from tests.scenarios.town import MONDAY, Interpreter, Town

HOURS = {
    "GRIDBOT_DIGEST_GROUP": "18:00",
    "GRIDBOT_DIGEST_COMMUNITY": "18:10",
    "GRIDBOT_DIGEST_STREET": "18:20",
}
STAFF = ("leader", "worker", "community", "secretary", "community2", "street", "district")


async def opened(
    folder: Path, district: Path, interpreter: Interpreter, **more: str
) -> AsyncIterator[Town]:
    shutil.copyfile(district, folder / "bot.db")
    clock = ManualClock(MONDAY)
    bot = await Bot.open(settings_in(folder, **{**HOURS, **more}), clock, interpreter)
    await bot.start()
    await bot.settle()
    yield Town(bot, clock, interpreter)
    await bot.aclose()


@pytest.fixture
async def town(
    tmp_path: Path, district_file: Path, interpreter: Interpreter
) -> AsyncIterator[Town]:
    """The town with the digests of all levels at their usual hours."""
    async for one in opened(tmp_path, district_file, interpreter):
        yield one


def dailies(town: Town, name: str) -> list[str]:
    """The digests that a group or a person has got so far."""
    return [text for text in town.at(name).texts if "日报 " in text.partition("\n")[0]]


async def until(town: Town, hour: int, minute: int) -> None:
    """Today's clock goes on to that time of the day."""
    local = town.local_time
    end = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    assert end >= local
    await town.later(seconds=(end - local).total_seconds())


async def everywhere(town: Town) -> None:
    """Something to do in each group that is spoken in."""
    await town.group.says("wang", LAMP)
    await town.at("g2").says("yang", "村口路灯不亮")
    await town.at("g3").says("li", "西门路灯不亮")
    await town.at("leader").tells("1")


async def test_every_level_has_its_hour(town: Town) -> None:
    await everywhere(town)
    await until(town, 17, 59)
    assert not any(dailies(town, name) for name in ("g1", "g2", "g3", *STAFF))
    await until(town, 18, 5)
    assert len(dailies(town, "g1")) == len(dailies(town, "g2")) == len(dailies(town, "g3")) == 1
    assert not any(dailies(town, name) for name in STAFF)
    await until(town, 18, 15)
    heard = {name: len(dailies(town, name)) for name in STAFF}
    assert heard == {**dict.fromkeys(STAFF, 0), "community": 1, "secretary": 1, "community2": 1}
    await until(town, 18, 25)
    assert {n for n in STAFF if dailies(town, n)} == {
        "community", "secretary", "community2", "street",
    }  # fmt: skip


async def test_a_silent_group_gets_none(town: Town) -> None:
    await town.at("g4").says("li", "北门路灯不亮")
    await town.group.says("wang", LAMP)
    await town.later(days=3)
    assert dailies(town, "g4") == []
    assert len(dailies(town, "g1")) == 3


async def test_an_empty_day_is_silent_in_the_group_and_a_line_for_staff(town: Town) -> None:
    await town.later(days=1)
    await until(town, 18, 30)
    assert dailies(town, "g1") == []
    text = dailies(town, "street")[0]
    assert text.splitlines()[0].startswith("【样板街道 日报 11月23日】今天没有新的诉求")


def signs(town: Town, name: str = "g1") -> list[str]:
    return [text for text in town.at(name).texts if text == STILL_HERE]


async def test_an_empty_week_has_one_line_on_monday(town: Town) -> None:
    await until(town, 18, 5)
    assert town.local_time.weekday() == 0
    assert len(signs(town)) == 1
    await town.later(days=6)
    assert len(signs(town)) == 1
    await town.later(days=1)
    assert len(signs(town)) == len(signs(town, "g2")) == 2
    assert town.at("g4").texts == [], "a silent group hears nothing at all"


async def test_where_something_was_done_in_the_week_no_sign_is_needed(town: Town) -> None:
    await town.later(days=1)
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.group.says("wang", "满意")
    await town.later(days=7)
    assert len(signs(town)) == 1, "the first Monday only"
    assert len(signs(town, "g2")) == 2


async def test_where_something_is_open_the_digest_is_the_sign(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.later(days=8)
    assert signs(town) == []
    assert len(dailies(town, "g1")) == 8


async def test_a_quiet_day_with_open_tickets_says_so(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认 1")
    await town.group.says("street", "延期 1 20天 等配件")
    await town.later(days=2)
    assert "在办1件，都在期限内" in dailies(town, "g1")[1]


async def test_a_busy_day_is_counted(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("zhao", "+1 #1")
    await town.group.says("li", GATE_LAMP)
    await town.group.says("li", GYM)
    await town.group.says("leader", "确认 1、2")
    await town.group.says("leader", "办结 2 换了灯")
    await town.group.says("li", "满意 2")
    await until(town, 18, 5)
    (text,) = dailies(town, "g1")
    assert "新增3件，立案2件，办结1件" in text
    assert "销号1件，超期0件，待评价0件，在办2件。" in text
    assert "大家最关心：\n1. #1 楼道灯" in text
    assert "陈网格长" not in text


async def test_a_digest_tells_its_own_day_only(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await until(town, 18, 5)
    await town.group.says("li", GYM)
    await town.later(days=1)
    first, second = dailies(town, "g1")
    assert "新增1件" in first
    assert "新增1件" in second
    assert "在办2件" in second


async def test_a_group_does_not_hear_of_another(town: Town) -> None:
    await town.at("g2").says("yang", "村口路灯不亮")
    await until(town, 18, 30)
    assert dailies(town, "g1") == []
    assert "新增1件" in dailies(town, "g2")[0]
    assert "今天没有新的诉求" in dailies(town, "community")[0]
    assert "新增1件" in dailies(town, "community2")[0]


async def test_the_street_sums_up_and_names_the_groups(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("wang", GYM)
    await town.at("g2").says("yang", "村口路灯不亮")
    await until(town, 18, 30)
    text = dailies(town, "street")[0]
    assert "新增3件" in text
    rows = [row for row in text.splitlines() if "群" in row]
    assert [name for name in ("7幢", "示例村", "2幢", "8幢") if any(name in r for r in rows)] == [
        "7幢", "示例村",
    ]  # fmt: skip


async def test_private_matters_are_numbers_only(town: Town) -> None:
    await town.group.says("wang", WAGES)
    await town.group.says("li", LAMP)
    await until(town, 18, 30)
    for name in ("g1", "community", "street"):
        text = dailies(town, name)[0]
        assert "新增2件" in text
        assert "工资" not in text
        assert "欠薪" not in text


async def test_overdue_work_is_shown_every_day_until_it_is_done(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "确认 1")
    await town.later(days=5)
    assert "超期1件" in dailies(town, "g1")[-1]
    await town.group.says("leader", "办结 1 换了灯泡")
    await town.group.says("wang", "满意 1")
    await town.later(days=1)
    told = len(dailies(town, "g1"))
    assert "销号1件" in dailies(town, "g1")[-1]
    await town.later(days=2)
    assert len(dailies(town, "g1")) == told


@pytest.mark.parametrize("level", ["GROUP", "COMMUNITY", "STREET"])
async def test_a_level_without_an_hour_is_left_out(
    tmp_path: Path, district_file: Path, interpreter: Interpreter, level: str
) -> None:
    silent = {"GROUP": "g1", "COMMUNITY": "community", "STREET": "street"}
    off = {f"GRIDBOT_DIGEST_{level}": ""}
    async for town in opened(tmp_path, district_file, interpreter, **off):
        await town.group.says("wang", LAMP)
        await town.later(days=2)
        for name, who in silent.items():
            assert len(dailies(town, who)) == (0 if name == level else 2), name


async def test_a_new_start_plans_no_second_one(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.bot.reload()
    await town.later(hours=3)
    await town.bot.reload()
    await town.later(days=1)
    for name in ("g1", "street", "community"):
        days = [text.partition("】")[0] for text in dailies(town, name)]
        assert len(days) == len(set(days)) == 1 + (town.local_time.hour >= 18)


async def test_who_leaves_the_community_gets_it_no_more(town: Town) -> None:
    await town.later(days=1)

    def without(parts: Parts) -> Parts:
        kept = tuple(p for p in parts.posts if p.role is not Role.SECRETARY)
        return replace(parts, posts=kept)

    async with town.bot.store.write() as tx:
        await tx.people.replace(without(await tx.people.parts()))
    await town.bot.reload()
    await town.later(days=1)
    assert len(dailies(town, "secretary")) == 1
    assert len(dailies(town, "community")) == 2


async def test_a_year_of_days_keeps_one_plan_a_level(town: Town) -> None:
    await town.later(days=10)
    async with town.bot.store.read() as tx:
        waiting = await tx.jobs.waiting("digest:")
    assert sorted(job.data["level"] for job in waiting) == ["community", "group", "street"]
    assert all(timedelta() < job.due_at - town.clock.now() <= timedelta(days=1) for job in waiting)


async def test_every_unit_that_did_its_part_of_a_joint_case_is_thanked(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 1 供水 物业")
    await town.at("water").tells("办结 1 换了立管")
    await town.at("wuye").tells("办结 1 换了灯泡")
    await until(town, 18, 5)
    (text,) = dailies(town, "g1")
    assert "示例供水公司（1件）" in text
    assert "示例物业服务中心（1件）" in text
