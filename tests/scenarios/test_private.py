"""Private matters go on one-to-one, and nothing personal ever stands in a group."""

from __future__ import annotations

import pytest

from routing.ticket import State
from tests.scenarios.lines import LAMP, WAGES
from tests.scenarios.town import Town

SECRETS = ("13812345678", "0579-82345678", "330702197001011234", "浙G12345", "501", "王大爷")


async def test_a_private_matter_gets_a_neutral_receipt_and_goes_on_one_to_one(town: Town) -> None:
    await town.group.says("wang", WAGES)
    (receipt,) = town.group.texts
    assert "一对一" in receipt
    assert "工资" not in receipt
    assert "#" not in receipt
    await town.at("wang").expect("#1", "拖欠工资", "不会在群里公开")
    await town.at("leader").expect("待确认", "#1")
    for words in ("确认 1", "派单 1 劳动监察", "进展 1 已约谈老板", "办结 1 工资已发"):
        await town.at("leader").tells(words)
    await town.at("wang").expect("已转")
    await town.at("wang").expect("工资已发", "满意")
    await town.at("wang").tells("满意")
    assert (await town.ticket(1)).state is State.CLOSED
    assert len(town.group.texts) == 1


async def test_orders_given_in_the_group_are_answered_one_to_one(town: Town) -> None:
    await town.group.says("wang", WAGES)
    await town.group.expect("一对一")
    for words in ("确认 1", "恢复 1", "派单 1 火星", "办结 1 工资已发", "确认"):
        await town.group.says("leader", words)
        assert not any("工资" in text or "#1" in text for text in town.group.news)
        town.group.skip()


@pytest.mark.parametrize("words", ["进度 1", "进度", "满意 1", "撤回 1", "确认 1", "+1 #1"])
async def test_for_everybody_else_it_does_not_exist(town: Town, words: str) -> None:
    await town.group.says("wang", WAGES)
    town.group.skip()
    await town.group.says("li", words)
    heard = [*town.group.news, *town.at("li").texts]
    assert not any("工资" in text or "待确认" in text for text in heard)
    await town.at("li").tells(words)
    assert not any("工资" in text or "待确认" in text for text in town.at("li").texts)
    assert (await town.ticket(1)).state is State.REPORTED


async def test_its_reporter_sees_the_progress_one_to_one_even_when_asked_in_the_group(
    town: Town,
) -> None:
    await town.group.says("wang", WAGES)
    town.group.skip()
    town.at("wang").skip()
    for words in ("进度 1", "进度"):
        await town.group.says("wang", words)
        await town.at("wang").expect("#1", "待确认")
    await town.group.silence()


async def test_what_its_reporter_adds_joins_it_wherever_he_says_it(town: Town) -> None:
    await town.group.says("wang", WAGES)
    await town.at("wang").tells("", images=["contract.jpg"])
    await town.group.says("wang", "", images=["list.jpg"])
    assert (await town.ticket(1)).images == ("contract.jpg", "list.jpg")


@pytest.mark.parametrize(
    "words",
    [
        "办结 已联系7幢3单元501王大爷13812345678，车牌浙G12345已挪",
        "办结 身份证330702197001011234，电话0579-82345678，住七幢三单元五零一室",
        "办结 小王（示例）家的灯已修好",
    ],
)
async def test_nothing_personal_of_a_leaders_words_reaches_the_group(
    town: Town, words: str
) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", words)
    for text in town.group.texts:
        assert not any(secret in text for secret in SECRETS[:-1]), text
        assert "五零一" not in text
        assert "小王（示例）" not in text


async def test_a_door_number_in_a_report_stays_out_of_the_receipt(town: Town) -> None:
    report = town.means("7幢3单元501漏水，电话13812345678", "0501", place="7幢3单元501")
    await town.group.says("wang", report)
    receipt = await town.group.expect("#1", "7幢3单元")
    assert not any(secret in receipt.text for secret in SECRETS)


async def test_an_ordinary_ticket_speaks_three_times_at_most(town: Town) -> None:
    await town.group.says("wang", LAMP)
    await town.group.says("leader", "派单 物业")
    await town.at("wuye").tells("进展 1 已到现场")
    await town.at("wuye").tells("延期 1 2天 等配件")
    await town.at("wuye").tells("办结 1 换了灯泡")
    await town.group.says("wang", "满意")
    assert len(town.group.texts) <= 3
    assert sum("满意／一般" in text for text in town.group.texts) == 1
    assert (await town.ticket(1)).state is State.CLOSED
    told = town.at("wang").texts
    assert any("等配件" in text for text in told)
    assert any("已销号" in text for text in told)
