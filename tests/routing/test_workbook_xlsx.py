"""The lists in one workbook: what a spreadsheet may do to cells, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from routing import folder_form as form
from routing.cells import clean_cell, guarded
from routing.parts import Duty, Grid, Group, Knowledge, Member, Parts, Person, Post, Role, Unit
from routing.workbook import ImportProblems, read_folder, read_lists, write_template
from routing.workbook_export import write_lists
from routing.workbook_xlsx import as_text

DISTRICT = Path(__file__).parents[2] / "examples" / "district"
Tabs = dict[str, list[list[Any]]]


def cell_time(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time as a spreadsheet holds it: without a zone."""
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001


def tabs() -> Tabs:
    """A small right workbook as a clerk types it, numbers and dates being what Excel makes."""
    return {
        "网格": [
            ["编码", "名称", "层级", "上级"],
            [330702001, "样板街道", "镇街", None],
            [330702001001, "示范社区", "社区", 330702001],
            [330702001001001, "第一网格", "网格", 330702001001],
        ],
        "人员": [["编号", "姓名", "账号"], [101, "甲", "local:a"], [102, "乙", None]],
        "岗位": [
            ["人员编号", "网格编码", "角色", "代理", "开始", "结束"],
            [101, 330702001001001, "网格长", False, cell_time(2025, 1, 1), date(2026, 1, 1)],
            [102.0, "330702001001001", "居民", None, None, None],
        ],
        "群": [["会话", "网格编码", "名称"], ["local:g1", 330702001001001, "第一网格群"]],
        "值班": [
            ["网格编码", "顺序", "人员编号", "开始时", "结束时"],
            [330702001001001, 1, 101, time(8, 0), timedelta(hours=24)],
        ],
    }


def save(path: Path, sheets: Tabs) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


@pytest.fixture
def problems(tmp_path: Path) -> Callable[[Tabs], list[str]]:
    def read(sheets: Tabs) -> list[str]:
        with pytest.raises(ImportProblems) as caught:
            read_lists(save(tmp_path / "名册.xlsx", sheets))
        return caught.value.lines

    return read


# ── what is read


def test_reads_what_a_spreadsheet_makes_of_what_was_typed(tmp_path: Path) -> None:
    parts = read_lists(save(tmp_path / "名册.xlsx", tabs()))
    cell = "330702001001001"
    assert parts.grids[-1] == Grid(cell, "第一网格", "grid", "330702001001")
    assert parts.people == (Person("101", "甲", ("local:a",)), Person("102", "乙"))
    assert parts.posts == (
        Post("101", cell, Role.LEADER, False, date(2025, 1, 1), date(2026, 1, 1)),
        Post("102", cell, Role.RESIDENT),
    )
    assert parts.groups == (Group("local:g1", cell, "第一网格群"),)
    assert parts.duties == (Duty(cell, 1, "101", 8, 24),)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), ("  甲　", "甲"), (True, "是"), (False, "否"), (3, "3"), (3.0, "3"),
        (0.5, "0.5"), (330702001001001, "330702001001001"), (10**15, "1.00000E+15"),
        (1.2e17, "1.20000E+17"), (cell_time(2025, 1, 2), "2025-01-02"),
        (date(2025, 1, 2), "2025-01-02"),
        (cell_time(2025, 1, 2, 3, 4), "2025-01-02T03:04:00"), (time(8, 5), "8:05"),
        (timedelta(hours=24), "24:00"), ("'=1", "=1"),
    ],
)  # fmt: skip
def test_cells_as_the_clerk_sees_them(value: object, text: str) -> None:
    assert as_text(value) == text


def test_remarks_and_instructions_are_not_read(tmp_path: Path) -> None:
    sheets = tabs() | {"备注": [["随便"]], "填写说明": [["怎样填写"]]}
    sheets["人员"][0].append("备注：家庭情况")
    sheets["人员"] += [[None, None, None], ["", " ", None]]
    assert len(read_lists(save(tmp_path / "名册.xlsx", sheets)).people) == 2


# ── what is refused


def test_every_bad_row_is_told_at_once_with_tab_row_column_and_value(
    problems: Callable[[Tabs], list[str]],
) -> None:
    sheets = tabs()
    sheets["网格"].append([33070200100100199, "超长", "网格", 330702001001])
    sheets["网格"].append(["330702001009", "", "小区", "9"])
    sheets["人员"].append([101, "丙", "wx"])
    sheets["岗位"].append([999, 330702001001001, "大王", "也许", "昨天", None])
    sheets["群"].append(["local:g2", "#REF!", "第二群"])
    lines = problems(sheets)
    assert any(x.startswith("工作表“网格” 第5行 “编码”列：“3.30702E+16”") for x in lines)
    assert "工作表“网格” 第6行 “名称”列：没有填，这一格必须填写" in lines
    assert any("第6行 “层级”列：“小区”" in x for x in lines)
    assert any("第6行 “上级”列：“9”，工作表“网格” 里没有这个编码" in x for x in lines)
    assert any("工作表“人员” 第4行 “编号”列：“101”" in x and "和第2行重复" in x for x in lines)
    assert any("第4行 “人员编号”列：“999”，工作表“人员” 里没有这个编号" in x for x in lines)
    assert any("第4行 “角色”列：“大王”" in x for x in lines)
    assert any("第4行 “开始”列：“昨天”" in x for x in lines)
    assert any("工作表“群” 第3行 “网格编码”列：“#REF!”，公式出错" in x for x in lines)
    titles = [x[: x.index("”")] for x in lines]
    assert titles == sorted(
        titles, key=["工作表“网格", "工作表“人员", "工作表“岗位", "工作表“群"].index
    )


def test_a_misspelt_tab_is_not_passed_over(problems: Callable[[Tabs], list[str]]) -> None:
    sheets = tabs()
    sheets["值斑"] = sheets.pop("值班")
    (line,) = problems(sheets)
    assert line.startswith("名册.xlsx：不认识工作表“值斑”，应为 网格、人员、岗位、单位、单位人员")
    assert line.endswith("自己的说明请用“备注”开头")


def test_a_needed_tab_is_missed(problems: Callable[[Tabs], list[str]]) -> None:
    sheets = tabs()
    del sheets["群"]
    assert problems(sheets) == ["名册.xlsx：没有找到工作表“群”，请补上"]


def test_a_wrong_header_is_told(problems: Callable[[Tabs], list[str]]) -> None:
    sheets = tabs()
    sheets["群"][0] = ["会话", "网格", "名称"]
    lines = problems(sheets)
    assert lines[0].startswith("工作表“群” 第1行：缺少“网格编码”列")
    assert "不认识“网格”列" in lines[1]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old excel"])
def test_what_is_no_workbook_is_refused_kindly(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "旧表.xlsx"
    path.write_bytes(content)
    with pytest.raises(ImportProblems, match="另存为"):
        read_lists(path)


def test_a_failed_formula_is_told_where_an_empty_cell_would_do(
    problems: Callable[[Tabs], list[str]],
) -> None:
    sheets = tabs()
    sheets["人员"][2][2] = "#N/A"
    sheets["群"][0].append("")
    sheets["群"][1].append("#DIV/0!")
    assert problems(sheets) == [
        "工作表“人员” 第3行 “账号”列：“#N/A”，公式出错，请改成文字",
        "工作表“群” 第2行 “4”列：“#DIV/0!”，公式出错，请改成文字",
    ]


def test_a_cell_right_of_the_header_is_not_lost(problems: Callable[[Tabs], list[str]]) -> None:
    sheets = tabs()
    sheets["人员"][1] += [None, "电话13900000000"]
    assert problems(sheets)[0].startswith("工作表“人员” 第2行：比表头多出一格")


def test_charts_and_formatted_emptiness_are_no_lists(tmp_path: Path) -> None:
    path = save(tmp_path / "名册.xlsx", tabs())
    book = load_workbook(path)
    book.create_chartsheet("趋势图")
    book["人员"]["H900"].number_format = "@"
    book.save(path)
    assert len(read_lists(path).people) == 2


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_workbook_is_read_or_refused_and_never_breaks_the_bot(
    data: st.DataObject,
) -> None:
    with TemporaryDirectory() as folder:
        path = save(Path(folder) / "名册.xlsx", tabs())
        parts = _parts_of(path)
        name = data.draw(st.sampled_from(sorted(parts)))
        at = data.draw(st.integers(0, len(parts[name])))
        length = data.draw(st.integers(0, 40))
        put = data.draw(
            st.sampled_from([b"", b"<", b'"', b"-1", b"99999999999", b"\xff", b't="e"'])
        )
        parts[name] = parts[name][:at] + put + parts[name][at + length :]
        with ZipFile(path, "w") as book:
            for part, content in parts.items():
                book.writestr(part, content)
        with suppress(ImportProblems):
            read_lists(path)


def _parts_of(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def test_a_file_that_is_not_there_is_no_import_problem(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_lists(tmp_path / "没有.xlsx")


# ── template and export


@pytest.mark.parametrize("name", ["模板.xlsx", "模板"])
def test_the_template_can_be_imported_as_it_is(tmp_path: Path, name: str) -> None:
    paths = write_template(tmp_path / name)
    parts = read_lists(tmp_path / name)
    assert {g.level for g in parts.grids} == {"street", "community", "grid", "micro"}
    assert parts.people
    assert parts.duties
    with pytest.raises(FileExistsError):
        write_template(tmp_path / name)
    assert all(path.exists() for path in paths)


def test_codes_stay_text_in_the_template_and_the_header_stays_in_sight(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == [*(sheet.title for sheet in form.SHEETS), "填写说明"]
    page = book["网格"]
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["A"].number_format == "@"
    assert page["A2"].data_type == "s"


@pytest.mark.parametrize("name", ["名册.xlsx", "名册"])
def test_the_sample_district_survives_the_round_trip(tmp_path: Path, name: str) -> None:
    parts = read_folder(DISTRICT)
    write_lists(tmp_path / name, parts)
    assert read_lists(tmp_path / name) == parts


NAMES = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Z", "Cn", "Co"], exclude_characters=";；、,，\ufeff"
    ),
    min_size=1, max_size=6,
).filter(lambda name: not name.startswith(("'", "#")) and "_x" not in name)  # fmt: skip


@given(NAMES, NAMES, st.sampled_from(list(Role)), st.booleans(), st.dates())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_roster_survives_both_round_trips(
    name: str, word: str, role: Role, acting: bool, day: date
) -> None:
    parts = Parts(
        grids=(
            Grid("S", name, "street", "", 5, 0, "urban"),
            Grid("C", name, "community", "S", 0, 12, "rural"),
        ),
        people=(Person("P1", name, ("local:a", "wecom:b")), Person("P2", word)),
        posts=(
            Post("P1", "C", role, acting, day, day, acting and role is Role.WORKER),
            Post("P2", "S", Role.RESIDENT),
        ),
        units=(Unit("wuye-2", name, "+86-571", (word,), "C"), Unit("gongan", name)),
        members=(Member("wuye-2", "P1"),),
        groups=(Group("local:g1", "C", name, "quiet", (word,)),),
        duties=(Duty("C", 1, "P1", 22, 6),),
        knowledge=(Knowledge(1, "", "1205", (word,), f"={name}", word, day),),
    )
    with TemporaryDirectory() as folder:
        for target in (Path(folder) / "a.xlsx", Path(folder) / "a"):
            write_lists(target, parts)
            assert read_lists(target) == parts


@given(st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"], exclude_characters="\ufeff")))
def test_no_cell_is_taken_for_a_formula_and_none_is_changed(text: str) -> None:
    written = guarded(text)
    assert not written.startswith(("=", "+", "-", "@"))
    assert clean_cell(written) == text


def test_formulas_in_names_are_written_as_text(tmp_path: Path) -> None:
    parts = Parts(
        grids=(Grid("S", '=HYPERLINK("x")', "street"),), people=(Person("P", "@甲"),),
        posts=(Post("P", "S", Role.LEADER),), groups=(Group("local:g", "S", "+群"),),
    )  # fmt: skip
    write_lists(tmp_path / "a.xlsx", parts)
    page = load_workbook(tmp_path / "a.xlsx")["网格"]
    assert (page["B2"].data_type, page["B2"].value) == ("s", '\'=HYPERLINK("x")')
    assert read_lists(tmp_path / "a.xlsx") == parts


def test_progress_hears_of_every_list(tmp_path: Path) -> None:
    heard: list[str] = []
    read_lists(save(tmp_path / "名册.xlsx", tabs()), None, heard.append)
    assert heard == [sheet.title for sheet in form.SHEETS]
