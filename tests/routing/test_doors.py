"""Door numbers, by every word that makes a number one: the door goes, building and unit stay."""

from __future__ import annotations

import re

import pytest

from routing.privacy import _DOOR, _DOOR_OF, _DOOR_PAIR, _DOOR_SHORT, mask_door
from tests.branches import unproved

PAIRS = """
    5座零六零 5栋583 5幢三三六 5号楼二七五 2单元六六〇 3层五四八 2楼862 6#楼768 5幢-501 5幢501室
    5幢501号房 5幢501号 5幢501房 5幢501户 5幢501家 5幢1101 5幢110室 5幢119室 5幢120室 5幢122室
    5幢1102 5幢第501
"""
NO_PAIRS = """
    5幢110 5幢119 5幢120 5幢122 5幢501户人家 5幢501人 5幢501元 5幢501个 5幢501米 5幢5012人 5幢50
"""
DOORS = """
    588房 784室 七零一号家 零九七户主 九四零号房 762号业主 零六零号那家 197号邻居 354号住户
    501室外 501室内 501室友 501室温 501房租 501房屋 501房价 501房产 501房子 501房东 501房间
    501号的业主 501_室
"""
OWNERS = """
    508大妈 807业主 911家里 904租户 112女士 905老人 602那家 212邻居 804先生 505户主 511租客
    212那户 610奶奶 111大爷 611住户 207房东 4112阿姨 501的住户
"""
SHORTS = "3-501 3-501室 3-501号房 3-501户 12－1012 3–0501"


def said(words: str) -> list[str]:
    return [word.replace("_", " ") for word in words.split()]


def spans(rule: re.Pattern[str], text: str) -> object:
    return [match.span() for match in rule.finditer(text)]


@pytest.mark.parametrize("text", said(PAIRS))
def test_a_door_after_its_building_goes(text: str) -> None:
    hidden = mask_door(f"{text}漏水")
    assert hidden.endswith("漏水")
    assert re.match(r"[56][座栋幢号#]|2单元|3层|2楼", hidden), hidden
    assert not re.search(r"\d{3}|[零〇一二三四五六七八九]{3}", hidden), hidden


@pytest.mark.parametrize("text", [f"5幢{number}" for number in (110, 119, 120, 122)])
def test_emergency_numbers_after_a_building_stay(text: str) -> None:
    assert mask_door(f"{text}来了") == f"{text}来了"


@pytest.mark.parametrize("text", said(OWNERS))
def test_the_door_of_a_person_goes(text: str) -> None:
    assert not re.search(r"\d", mask_door(f"{text}吵架"))


def test_every_word_that_makes_a_number_a_door_is_needed() -> None:
    assert unproved(_DOOR_PAIR.pattern, [*said(PAIRS), *said(NO_PAIRS)], spans) == []
    assert unproved(_DOOR.pattern, said(DOORS), spans) == []
    assert unproved(_DOOR_OF.pattern, said(OWNERS), spans) == []
    assert unproved(_DOOR_SHORT.pattern, said(SHORTS), spans) == []


@pytest.mark.parametrize("text", ["1室外", "501室外", "501室温", "501房租", "501房价", "501房产证"])
def test_words_that_only_begin_like_a_door_stay(text: str) -> None:
    assert mask_door(text) == text
