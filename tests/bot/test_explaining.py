"""`explain`: every line a leader needs, the same decision as the running bot, one screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import explaining
from bot.errors import GridbotError
from bot.explaining import KINDS, explain
from bot.opening import first_start
from bot.settings import Settings
from nlp.reading import KINDS as ALL_KINDS
from nlp.reading import Reading
from storage import migrate
from storage.store import Store
from tests.bot.models import ROOT, settings_in

CLEAR = "3号楼2单元楼道灯坏了"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


async def told(settings: Settings, text: str, group: str = "") -> dict[str, str]:
    lines = await explain(settings, text, group)
    assert len(lines) <= 14
    assert all(len(line) <= 120 for line in lines[1:])
    return dict(line.split("：", 1) for line in lines[1:])


async def test_a_clear_report(settings: Settings) -> None:
    found = await told(settings, CLEAR)
    assert found["种类"].startswith("诉求（把握")
    assert found["类别"].startswith("0403 楼道灯")
    assert found["性质"]
    assert found["紧急"].startswith("不紧急，没有听到")
    assert "（记作3幢2单元" in found["位置"]
    assert "灯" in found["凭这些词"]
    assert "还可能是" in found
    assert found["小格会"] == "登记，给回执，通知网格长。"
    assert found["读这句话的模型"] == "随程序带来的"


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("哈哈哈今天天气真好", "不吭声：这是闲聊"),
        ("来水了，谢谢大家", "不吭声：这句话是说事情已经好了"),
        ("确认 12", "当作“确认”"),
        ("厨房着火了，烟很大，快来人", "马上登记立案"),
    ],
)
async def test_what_the_bot_would_do(settings: Settings, text: str, deed: str) -> None:
    assert (await told(settings, text))["小格会"].startswith(deed)


@pytest.mark.parametrize(
    ("text", "urgent", "rule"),
    [
        ("煤气漏了味道很大快来人", True, "紧急，听到“"),
        ("整句都很急", True, "紧急，整句话"),
        ("明天消防演练，模拟着火了疏散", False, "但“演练”说明"),
        ("厨房着火了", False, "整句话不像"),
        ("灯坏了", False, "没有听到"),
    ],
)
def test_the_rule_of_urgency(text: str, urgent: bool, rule: str) -> None:
    reading = Reading("report", ("0801",), urgent=urgent)
    assert rule in explaining._urgency(text, reading)


MODES = [
    (0.9, "登记"),
    (0.5, "先一对一问网格长：把握50%低于60%（report_confidence）"),
    (0.2, "不吭声：像诉求，但把握20%低于35%（hint_confidence）"),
]


@pytest.mark.parametrize(("confidence", "deed"), MODES)
def test_the_lines_decide(settings: Settings, confidence: float, deed: str) -> None:
    reading = Reading("report", ("0403",), confidence=confidence)
    assert explaining._deed(settings, "灯坏了", reading, None).startswith(deed)


@pytest.mark.parametrize(
    ("doubt", "deed"),
    [(0.5, "有在办的事就补到那件事里；没有就当新的诉求看（把握50%）"), (0.1, "不另外登记")],
)
def test_a_follow_up_that_may_be_new(settings: Settings, doubt: float, deed: str) -> None:
    reading = Reading("follow_up", candidates=("0404",), confidence=0.5, doubt=doubt)
    assert explaining._deed(settings, "还是不动", reading, None).startswith(deed)


@pytest.fixture
async def listed(settings: Settings) -> Settings:
    """The sample district in the database."""
    await migrate.ensure(settings.storage.url)
    store = await Store.open(settings.storage.url)
    bot = settings.bot.model_copy(update={"district": str(ROOT / "examples/district")})
    own = settings.model_copy(update={"bot": bot})
    await store.run(lambda tx: first_start(tx, own))
    await store.aclose()
    return own


@pytest.mark.parametrize(
    ("group", "deed"), [("g1", "登记，给回执"), ("g3", "先一对一问"), ("g4", "登记，回执一对一发")]
)
async def test_the_mode_of_the_group_decides(listed: Settings, group: str, deed: str) -> None:
    assert (await told(listed, CLEAR, f"local:{group}"))["小格会"].startswith(deed)


async def test_an_unknown_group_is_named(listed: Settings) -> None:
    with pytest.raises(GridbotError, match=r"没有这个群：local:nowhere"):
        await explain(listed, CLEAR, "local:nowhere")


async def test_nothing_to_explain(settings: Settings) -> None:
    with pytest.raises(GridbotError, match="请写上"):
        await explain(settings, "  ")


async def test_long_texts_stay_on_one_screen(settings: Settings) -> None:
    lines = await explain(settings, "楼道灯坏了，" * 200)
    assert sum(map(len, lines)) < 1500


async def test_several_matters_have_a_line_each(settings: Settings) -> None:
    text = "1.3号楼楼道灯坏了；2.东门的垃圾好几天没人收了"
    lines = await explain(settings, text)
    assert sum(line.startswith("类别") for line in lines) >= 1


def test_every_kind_has_its_word() -> None:
    assert set(KINDS) == set(ALL_KINDS)
