"""The sections of bot.toml: off by default, every fault named at once, no secret ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import load
from bot.settings_wecom import WecomAibotSection, WecomAppSection, WecomWebhookSection
from tests.channels.wecom.conftest import Build
from tests.fakes.wecom import AES_KEY


def test_everything_is_off_and_complete_when_off() -> None:
    for section in (WecomAibotSection(), WecomAppSection(), WecomWebhookSection()):
        assert not section.enabled
        assert section.problems() == []


def named(problems: list[str]) -> list[str]:
    return [problem[1:].partition("]")[0].rpartition(".")[2] for problem in problems]


@pytest.mark.parametrize(
    ("section", "keys"),
    [
        (WecomAibotSection(enabled=True), ["bot_id", "secret"]),
        (WecomAibotSection(enabled=True, transport="callback"), ["token", "aes_key"]),
        (WecomAppSection(enabled=True), ["corp_id", "secret", "token", "agent_id", "aes_key"]),
        (WecomWebhookSection(enabled=True), ["robots"]),
    ],
)
def test_every_missing_key_is_named(
    section: WecomAibotSection | WecomAppSection | WecomWebhookSection, keys: list[str]
) -> None:
    assert named(section.problems()) == keys


async def test_building_names_all_channels_faults_together(stand: Build) -> None:
    on = {"enabled": True}
    with pytest.raises(SettingsError) as caught:
        await stand(wecom_aibot=on, wecom_app=on, wecom_webhook=on)
    assert len(caught.value.problems) == 8


def test_secrets_come_from_the_environment_and_stay_unseen(tmp_path: Path) -> None:
    file = tmp_path / "bot.toml"
    file.write_text(
        '[channels.wecom_aibot]\nsecret = "env:S"\n'
        '[channels.wecom_webhook]\nrobots = { g1 = "env:K" }\n',
        encoding="utf-8",
    )
    settings = load(file, {"S": "s3cret-value", "K": "k3y-value"})
    shown = repr(settings) + str(settings.model_dump())
    assert "s3cret-value" not in shown
    assert "k3y-value" not in shown
    assert settings.channels.wecom_webhook.robots["g1"].get_secret_value() == "k3y-value"


@pytest.mark.parametrize("line", ["secret = [1, 2, 987654]", "robots = [987654]"])
def test_a_wrong_secret_is_not_repeated(tmp_path: Path, line: str) -> None:
    file = tmp_path / "bot.toml"
    section = "wecom_webhook" if line.startswith("robots") else "wecom_app"
    file.write_text(f"[channels.{section}]\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(file, {})
    assert "987654" not in str(caught.value)


@pytest.mark.parametrize("key", ["short", AES_KEY + "=", AES_KEY[:-1] + "-"])
def test_a_wrong_aes_key_is_named_not_shown(key: str) -> None:
    section = WecomAibotSection.model_validate(
        {"enabled": True, "transport": "callback", "token": "t", "aes_key": key}
    )
    assert named(section.problems()) == ["aes_key"]
    assert key not in str(section.problems())
