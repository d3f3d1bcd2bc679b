"""The first steps of the five stories in the sample district: who gets it, by when, who is called.

The whole replay, through the bot, lives in tests/scenarios."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.taxonomy import load
from routing.calendar import SHANGHAI, WorkCalendar
from routing.deadlines import deadline_of, due_at, spoken
from routing.roster import Role, Roster
from routing.rules import Rule, first_unit, load_rules
from routing.workbook import read_folder

EXAMPLES = Path(__file__).parents[2] / "examples"
TAXONOMY = load()
ROSTER = Roster(read_folder(EXAMPLES / "district"))
RULES = load_rules(EXAMPLES / "rules.toml", TAXONOMY)
CALENDAR = WorkCalendar()
BLOCK, VILLAGE = "990101001001001-07", "990101001002001-01"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("story", "grid", "code", "urgent", "unit", "reported", "due"),
    [
        ("light", BLOCK, "0403", False, "wuye", "2025-11-19T19:30", "明天17:30前"),
        ("light on a Friday", BLOCK, "0403", False, "wuye", "2025-11-21T10:00", "11月24日10:00前"),
        ("blocked door", BLOCK, "0701", False, "grid", "2025-11-19T19:31", "明天19:31前"),
        ("vaccine", BLOCK, "1401", False, "weijian", "2025-11-19T19:32", "明天17:30前"),
        ("certificate", BLOCK, "1201", False, "gongan", "2025-11-19T09:00", "11月26日09:00前"),
        ("wages", BLOCK, "1001", False, "renshe", "2025-11-19T09:00", "12月4日09:00前"),
        ("brown water", BLOCK, "0301", False, "gongshui", "2025-11-19T09:00", "明天09:00前"),
        ("drain", BLOCK, "0306", False, "wuye", "2025-11-19T09:00", "明天09:00前"),
        ("drain in the village", VILLAGE, "0306", False, "paishui", "2025-11-19T09:00",
         "明天09:00前"),
        ("gas", VILLAGE, "0303", True, "ranqi", "2025-11-22T03:10", "今天05:10前"),
        ("gas before the holiday", VILLAGE, "0303", True, "ranqi", "2025-09-30T23:00",
         "明天01:00前"),
    ],
)  # fmt: skip
def test_first_unit_and_deadline(
    story: str, grid: str, code: str, urgent: bool, unit: str, reported: str, due: str
) -> None:
    choice = first_unit(ROSTER, TAXONOMY, grid, code, urgent, rules=RULES)
    assert choice.unit is not None, story
    assert choice.unit.id == unit
    finish = deadline_of(TAXONOMY, code, urgent).finish
    moment = due_at(at(reported), finish, CALENDAR)
    assert moment is not None
    assert spoken(moment, at(reported)) == due


@pytest.mark.parametrize("unit", ["gongshui", "ranqi", "paishui", "wuye", "renshe", "gongan"])
def test_every_unit_of_the_stories_has_a_handler_who_can_be_reached(unit: str) -> None:
    people = ROSTER.members(unit, BLOCK, at("2025-11-22T03:10"))
    assert people
    assert all(ROSTER.account_on(person, "local") for person in people)


def test_the_gas_story_has_somebody_to_call_after_the_first() -> None:
    chain = ROSTER.duty_chain(VILLAGE, at("2025-11-22T03:10"))
    assert len(chain) == 3
    assert chain[0] == ROSTER.leaders(VILLAGE, at("2025-11-22T03:10"))[0]
    unit = ROSTER.unit_for("ranqi", VILLAGE)
    assert unit is not None
    assert unit.phone == "0000-1000024"


def test_the_wages_story_finds_the_dispute_centre_of_the_street() -> None:
    mediators = ROSTER.holders(BLOCK, Role.MEDIATOR, at("2025-11-19T09:00"))
    assert [ROSTER.account_on(p, "local") for p in mediators] == ["local:mediator"]
    assert TAXONOMY.minors["1001"].private


def test_the_answers_of_the_stories_are_still_valid_for_years() -> None:
    for code, text in (("1401", "疫苗接种点还有疫苗吗"), ("1201", "独生子女证丢了怎么补")):
        assert ROSTER.answer(BLOCK, code, text, date(2030, 12, 31)) is not None
        assert ROSTER.answer(BLOCK, code, text, date(2031, 1, 1)) is None


# ── local rules, against a plain reading of their order

scopes = st.sampled_from(["", "990101", "990101001001", "990101001001001", BLOCK, VILLAGE])
local_rules = st.lists(
    st.builds(
        Rule,
        st.sampled_from(["shizheng", "gongshui", "street", "huanwei"]),
        scopes,
        st.sampled_from(["", "02", "0203", "03"]),
        st.sampled_from([None, True, False]),
    ),
    max_size=6,
)


@given(local_rules, st.sampled_from(["0203", "0201", "0301"]), st.booleans())
def test_the_nearest_then_narrowest_rule_decides(
    rules: list[Rule], code: str, urgent: bool
) -> None:
    path = [BLOCK, "990101001001001", "990101001001", "990101001", "990101", ""]
    fits = [r for r in rules if r.grid in path and code.startswith(r.code)
            and r.urgent in (None, urgent)]  # fmt: skip
    ranked = sorted(fits, key=lambda r: (path.index(r.grid), -len(r.code), r.urgent is None))
    expected = ranked[0].unit if ranked else TAXONOMY.minors[code].dept
    choice = first_unit(ROSTER, TAXONOMY, BLOCK, code, urgent, rules=rules)
    assert choice.unit is not None
    assert choice.unit.id == expected


def test_the_domain_brings_in_no_network_no_database_and_no_event_loop() -> None:
    program = (
        "import sys, routing.workbook, routing.rules, routing.deadlines, routing.roster;"
        "print(sorted({'asyncio', 'aiohttp', 'sqlalchemy', 'sqlite3'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
