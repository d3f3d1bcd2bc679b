"""The category list: complete, consistent, and found under the names people use."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.taxonomy import LEVELS, load

TAXONOMY = load()


def test_has_twenty_majors_and_a_hundred_and_two_minors() -> None:
    assert len(TAXONOMY.majors) == 20
    assert len(TAXONOMY.minors) == 102
    assert len(TAXONOMY.departments) == 35
    assert set(TAXONOMY.slas) == {"E", "U", "O", "C", "Q"}


@pytest.mark.parametrize("code", list(TAXONOMY.minors))
def test_every_minor_is_consistent(code: str) -> None:
    minor = TAXONOMY.minors[code]
    assert minor.code == code
    assert minor.major == TAXONOMY.majors[code[:2]]
    assert minor.level in LEVELS
    assert minor.dept in TAXONOMY.departments
    assert minor.sla in TAXONOMY.slas
    assert minor.examples


@pytest.mark.parametrize("code", list(TAXONOMY.minors))
def test_every_minor_is_found_by_its_code_and_by_its_name(code: str) -> None:
    minor = TAXONOMY.minors[code]
    assert TAXONOMY.find(code) == (minor,)
    assert TAXONOMY.find(minor.name) == (minor,)
    assert TAXONOMY.find(f" {minor.name} ") == (minor,)


def test_one_row_in_full() -> None:
    minor = TAXONOMY.minors["0403"]
    assert (minor.name, minor.major, minor.level, minor.dept) == (
        "楼道灯", "物业管理", "grid", "wuye",
    )  # fmt: skip
    assert (minor.sla, minor.finish, minor.std) == ("O", "1wd", "BJ0118")
    assert minor.escalates
    assert not minor.private
    assert "楼道灯不亮上楼全靠摸" in minor.examples


def test_classes_carry_their_spans() -> None:
    urgent = TAXONOMY.slas["E"]
    assert (urgent.name, urgent.receipt, urgent.confirm) == ("紧急", "10s", "5m")
    assert (urgent.accept, urgent.contact, urgent.finish) == ("15m", "15m", "2h")


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("路灯", ["0203"]),
        ("物业", ["0401", "0402", "0903"]),
        ("噪音", ["0601", "0602", "0603"]),
        ("噪声", ["0601", "0602", "0603"]),
        ("施工噪音", ["0601"]),
        ("楼道灯坏了", ["0403"]),  # the longest name inside the words
        ("煤气", ["0303"]),
        ("天然气", ["0303"]),
        ("暖气", ["0304"]),
        ("停水", ["0301"]),
        ("挪车", ["0701"]),
        ("停车", ["0701", "0702", "0703"]),
        ("疫苗", ["1401"]),
        ("消费维权", ["1101", "1102", "1103"]),
        ("11", ["1101", "1102", "1103"]),
        ("其他", ["9901"]),
        ("狗屎", ["1701"]),  # only an example says it
        ("家里停电啦", ["0302"]),  # an everyday name inside the words
        ("", []),
        ("  ", []),
        ("天王盖地虎", []),
    ],
)
def test_find_by_what_people_say(words: str, codes: list[str]) -> None:
    assert [m.code for m in TAXONOMY.find(words)] == codes


def test_names_of_codes() -> None:
    assert TAXONOMY.name("0403") == "楼道灯"
    assert TAXONOMY.name("04") == "物业管理"
    assert TAXONOMY.name("7777") == "7777"
    assert TAXONOMY.minor("7777") is None


def test_the_minors_of_a_major() -> None:
    assert [m.code for m in TAXONOMY.of_major("13")] == ["1301", "1302", "1303", "1304", "1305"]
    assert TAXONOMY.of_major("77") == ()


def test_is_read_once_a_process() -> None:
    assert load() is TAXONOMY


def test_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        TAXONOMY.minors["0403"] = TAXONOMY.minors["0203"]  # type: ignore[index]


BROKEN = """
version = 1
[sla.O]
name = "一般"
receipt = "3m"
confirm = "4wh"
accept = "1wd"
contact = "1wd"
finish = "5wd"
[departments]
grid = "网格"
[[major]]
code = "01"
name = "甲"
minor = [
  { code = "0101", name = "一", level = "moon", dept = "grid", sla = "O" },
  { code = "0102", name = "二", level = "grid", dept = "nobody", sla = "X" },
  { code = "0102", name = "三", level = "grid", dept = "grid", sla = "O" },
]
"""


def test_refuses_a_file_that_contradicts_itself_and_names_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.toml"
    path.write_text(BROKEN, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^taxonomy\.toml: ") as caught:
        load(path)
    message = str(caught.value)
    for fault in ("0101: unknown level 'moon'", "0102: unknown dept 'nobody'",
                  "0102: unknown sla 'X'", "0102 stands there twice"):  # fmt: skip
        assert fault in message
