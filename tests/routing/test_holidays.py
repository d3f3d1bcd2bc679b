"""The local list of holidays: what a clerk may write, and how a mistake in it is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from routing.calendar import WorkCalendar
from routing.holidays import SHEET, read_holidays
from routing.sheets import ImportProblems

ROOT = Path(__file__).parents[2]


def written(folder: Path, *rows: str) -> Path:
    path = folder / "本地节假日.csv"
    path.write_text("\n".join([",".join(SHEET.columns), *rows]), encoding="utf-8")
    return path


def test_stretches_single_days_and_make_up_days(tmp_path: Path) -> None:
    path = written(
        tmp_path, "2027-02-06,2027-02-08,休,春节", "2027-02-14,,班,春节调休", "2027/1/1,,放假,",
        "2027年2月21日,2027年2月21日,上班,",
    )  # fmt: skip
    assert read_holidays(path) == {
        date(2027, 2, 6): False, date(2027, 2, 7): False, date(2027, 2, 8): False,
        date(2027, 2, 14): True, date(2027, 1, 1): False, date(2027, 2, 21): True,
    }  # fmt: skip


def test_a_later_row_wins(tmp_path: Path) -> None:
    path = written(tmp_path, "2027-05-01,2027-05-05,休,劳动节", "2027-05-05,,班,本区值守")
    found = read_holidays(path)
    assert (found[date(2027, 5, 4)], found[date(2027, 5, 5)]) == (False, True)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2027-02-30,,休,", "第2行 “开始”列：“2027-02-30”，不是日期"),
        (",2027-02-03,休,", "第2行 “开始”列：没有填"),
        ("2027-02-06,2027-02-01,休,", "第2行 “结束”列：“2027-02-01”，要在开始那天之后，最多60天"),
        ("2027-02-06,2028-02-06,休,", "最多60天"),
        ("2027-02-06,,半天,", "第2行 “安排”列：“半天”，可以写：休、放假、班、上班"),
        ("2027-02-06,,,", "第2行 “安排”列：没有填"),
        ("2027-02-06,,休,,多", "多出一格"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(ImportProblems) as caught:
        read_holidays(written(tmp_path, row))
    assert said in str(caught.value)
    assert "本地节假日.csv" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImportProblems, match="没有找到这个文件"):
        read_holidays(tmp_path / "节假日.csv")


def test_the_shipped_example_agrees_with_the_official_table() -> None:
    own, official = read_holidays(ROOT / "examples/节假日.csv"), WorkCalendar()
    assert own
    for day, worked in own.items():
        assert official.is_workday(day) is worked
