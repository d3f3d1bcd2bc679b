"""The import folder: what a clerk may write, what is refused, and how a mistake is told."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.parts import (
    KINDS,
    LEVELS,
    Duty,
    Grid,
    Group,
    Knowledge,
    Member,
    Parts,
    Person,
    Post,
    Role,
    Unit,
)
from routing.roster import Roster
from routing.workbook import ImportProblems, read_folder, write_template
from routing.workbook_export import write_lists

DISTRICT = Path(__file__).parents[2] / "examples" / "district"
NOW = datetime(2025, 11, 20, 4, 0, tzinfo=UTC)
CELL = "990101001001001-07"
VILLAGE = "990101001002001-01"

SMALL = {
    "网格": "编码,名称,层级,上级\nS,样板街道,街道,\nC,示范社区,社区,S\n"
    "G,第一网格,网格,C\nM,1幢,楼栋,G\n",
    "人员": "编号,姓名,账号\nP1,甲,local:a;wecom:a\nP2,乙,\n",
    "岗位": "人员编号,网格编码,角色,代理,开始,结束\nP1,G,网格长,,2025-01-01,\nP2,M,居民,,,\n",
    "单位": "编号,名称,电话,别名,网格编码\nwuye-2,乙物业,0000-5,物业;管理处,G\n",
    "单位人员": "单位编号,人员编号\nwuye-2,P1\n",
    "群": "会话,网格编码,名称,模式,地名词\nlocal:g1,M,1幢群,提示,小广场；东门\n",
    "值班": "网格编码,顺序,人员编号,开始时,结束时\nG,1,P1,22:00,6点\n",
    "知识": "网格编码,类别,关键词,答案,来源,有效期\nC,403,灯,报给物业,社区,2030/1/2\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in SMALL.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> None:
    (folder / f"{name}.csv").write_bytes(text.encode(encoding))


def append(folder: Path, name: str, *rows: str) -> None:
    write(folder, name, SMALL[name] + "\n".join(rows) + "\n")


def problems(folder: Path) -> list[str]:
    with pytest.raises(ImportProblems) as caught:
        read_folder(folder)
    assert str(caught.value) == "\n".join(caught.value.lines)
    return caught.value.lines


# ── what is read


def test_reads_every_sheet(folder: Path) -> None:
    parts = read_folder(folder)
    assert parts.grids == (
        Grid("S", "样板街道", "street"),
        Grid("C", "示范社区", "community", "S"),
        Grid("G", "第一网格", "grid", "C"),
        Grid("M", "1幢", "micro", "G"),
    )
    assert parts.people == (Person("P1", "甲", ("local:a", "wecom:a")), Person("P2", "乙"))
    assert parts.posts == (
        Post("P1", "G", Role.LEADER, since=date(2025, 1, 1)),
        Post("P2", "M", Role.RESIDENT),
    )
    assert parts.units == (Unit("wuye-2", "乙物业", "0000-5", ("物业", "管理处"), "G"),)
    assert parts.members == (Member("wuye-2", "P1"),)
    assert parts.groups == (Group("local:g1", "M", "1幢群", "hint", ("小广场", "东门")),)
    assert parts.duties == (Duty("G", 1, "P1", 22, 6),)
    assert parts.knowledge == (
        Knowledge(1, "C", "0403", ("灯",), "报给物业", "社区", date(2030, 1, 2)),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_accepts_what_spreadsheets_save(folder: Path, encoding: str) -> None:
    expected = read_folder(folder)
    for name, text in SMALL.items():
        write(folder, name, text.replace("\n", "\r\n"), encoding)
    assert read_folder(folder) == expected


def test_files_may_differ_in_encoding_and_columns_in_order(folder: Path) -> None:
    expected = read_folder(folder)
    write(folder, "人员", "账号,备注,姓名,编号\nlocal:a;wecom:a,老人,甲,P1\n,,乙,P2\n", "gb18030")
    assert read_folder(folder) == expected


def test_optional_columns_and_files_may_be_missing(folder: Path) -> None:
    write(folder, "群", "会话,网格编码,名称\nlocal:g1,M,1幢群\n")
    for name in ("单位", "单位人员", "值班", "知识"):
        (folder / f"{name}.csv").unlink()
    parts = read_folder(folder)
    assert parts.groups == (Group("local:g1", "M", "1幢群"),)
    assert (parts.units, parts.duties, parts.knowledge) == ((), (), ())


def test_empty_rows_spaces_and_repeated_posts_do_no_harm(folder: Path) -> None:
    expected = read_folder(folder)
    write(folder, "人员", "编号 ,姓名,账号\n,,\n\u3000P1, 甲 ,local:a；wecom:a\n\nP2,乙,\n")
    append(folder, "岗位", "P2,M,居民,否,,")
    assert read_folder(folder) == expected


def test_an_answer_may_hold_commas_and_lines(folder: Path) -> None:
    write(folder, "知识", '网格编码,类别,关键词,答案\n全部,,几点,"上午8点,\n下午2点"\n')
    assert read_folder(folder).knowledge[0].answer == "上午8点,\n下午2点"


@pytest.mark.parametrize(
    ("written", "role"),
    [(role.label, role) for role in Role if role is not Role.ADMIN]
    + [
        ("群主", Role.MICRO_LEADER),
        ("楼道长", Role.MICRO_LEADER),
        ("全科网格员", Role.WORKER),
        ("小巷管家", Role.WORKER),
        ("双报到党员", Role.VOLUNTEER),
        ("巷长", Role.LEADER),
        ("街长", Role.STREET),
        ("镇指挥中心", Role.STREET),
        ("吹哨报到中心", Role.DISTRICT),
        ("矛调中心", Role.MEDIATOR),
        ("全科社工", Role.COMMUNITY),
        ("两委", Role.COMMUNITY),
        ("兼职网格员", Role.WORKER),
        ("网格助理", Role.WORKER),
        ("社区民警", Role.POLICE),
        ("承办人", Role.DEPARTMENT),
        ("村支书", Role.SECRETARY),
    ],
)
def test_roles_as_people_write_them(folder: Path, written: str, role: Role) -> None:
    append(folder, "岗位", f"P2,G,{written},是,,")
    assert Post("P2", "G", role, acting=True) in read_folder(folder).posts


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2026/1/3", date(2026, 1, 3)),
        ("2026.01.03", date(2026, 1, 3)),
        ("2026年1月3日", date(2026, 1, 3)),
        ("20260103", date(2026, 1, 3)),
        ("", None),
    ],
)
def test_dates_as_people_write_them(folder: Path, written: str, day: date | None) -> None:
    append(folder, "知识", f"全部,楼道灯,灯,答案,,{written}")
    entry = read_folder(folder).knowledge[1]
    assert (entry.grid, entry.code, entry.valid_until) == ("", "0403", day)


@pytest.mark.parametrize(
    ("written", "mode"), [("静默", "quiet"), ("提示", "hint"), ("自动", "auto"), ("", "")]
)
def test_modes(folder: Path, written: str, mode: str) -> None:
    write(folder, "群", f"会话,网格编码,名称,模式\nlocal:g1,M,1幢群,{written}\n")
    assert read_folder(folder).groups[0].mode == mode


def test_who_works_everywhere_needs_no_grid(folder: Path) -> None:
    append(folder, "岗位", "P1,全部,管理员,,,", "P2,,督办员,,,")
    roster = Roster(read_folder(folder))
    assert roster.roles_in("local:a", "M", NOW) >= {Role.ADMIN, Role.LEADER}


# ── what is refused, each with file, row, column, value and advice


NO_DATE = "不是日期，请写成 2025-01-31 的样子"
NO_HOUR = "要写 0 到 24 的整点，例如 8 或 8:00"
NO_CODE = "网格.csv 里没有这个编码，请先补上或改正"
EMPTY = "这一格必须填写"


@pytest.mark.parametrize(
    ("name", "row", "column", "advice"),
    [
        ("网格", "G,又一个,网格,C", "编码", "“G”和第4行重复，每个网格一个编码"),
        ("网格", "N,新,星系,C", "层级", "没有这个层级，可以写：区县、镇街、社区、网格、微网格"),
        ("网格", "N,新,网格,X", "上级", NO_CODE),
        ("网格", "N,新,网格,M", "上级", "网格不能放在微网格“1幢”下面"),
        ("网格", "N,,网格,C", "名称", EMPTY),
        (
            "网格",
            "1.10101E+14,新,网格,C",
            "编码",
            "编码被表格软件改成了科学计数，请把这一列设成“文本”格式后重新填写",
        ),
        ("网格", "N,新,网格,N", "上级", "上下级绕成了圈，请改正上级编码"),
        ("人员", "P1,丙,", "编号", "“P1”和第2行重复，每个人一个编号"),
        ("人员", "P3,丙,local:a", "账号", "“local:a”和第2行重复，一个账号只能属于一个人"),
        ("人员", "P3,丙,张三", "账号", "“张三”要写成“渠道:用户”的样子，例如 local:wang"),
        ("岗位", "P9,G,网格长,,,", "人员编号", "人员.csv 里没有这个编号，请先补上或改正"),
        ("岗位", "P1,X,网格长,,,", "网格编码", NO_CODE),
        ("岗位", "P1,,网格长,,,", "网格编码", "这个角色要写明管哪个网格"),
        ("岗位", "P1,G,网格长,也许,,", "代理", "请写“是”或“否”，不是代理可以空着"),
        ("岗位", "P1,G,网格长,,昨天,", "开始", NO_DATE),
        ("岗位", "P1,G,网格长,,2025-02-30,", "开始", NO_DATE),
        ("岗位", "P1,G,网格长,,2025-02-01,2025-01-01", "结束", "比开始还早，请核对"),
        (
            "单位",
            "wuye-2,又,,,",
            "编号",
            "“wuye-2”和第2行重复，每个单位一个编号，同一部门可写成 wuye-2",
        ),
        ("单位人员", "gongan,P1", "单位编号", "单位.csv 里没有这个编号，请先补上或改正"),
        ("群", "local:g1,M,又,,", "会话", "“local:g1”和第2行重复，一个群只能登记一次"),
        ("群", "g2,M,群,,", "会话", "要写成“渠道:群”的样子，例如 local:g1"),
        ("群", "local:g2,M,群,安静,", "模式", "可以写：静默、提示、自动，或者空着用默认的"),
        ("值班", "G,1,P2,22,6", "顺序", "和第2行重复，同一时段每个顺序只写一个人"),
        ("值班", "G,二,P2,,", "顺序", "要写数字，例如 1"),
        ("值班", "G,2,P2,25,", "开始时", NO_HOUR),
        ("值班", "G,2,P2,8:30,", "开始时", NO_HOUR),
        (
            "知识",
            "C,7777,词,答,,",
            "类别",
            "没有这个类别，请写四位小类编码或小类名称，例如 1401 或 疫苗防疫",
        ),
        ("知识", "C,,,答,,", "关键词", "至少写一个居民会用的词"),
        ("知识", "C,,词,,,", "答案", EMPTY),
    ],
)
def test_tells_one_mistake(folder: Path, name: str, row: str, column: str, advice: str) -> None:
    append(folder, name, row)
    header, *before = SMALL[name].splitlines()
    value = dict(zip(header.split(","), row.split(","), strict=True))[column]
    shown = f"“{value}”" if value else "没有填"
    number = len(before) + 2
    assert problems(folder) == [f"{name}.csv 第{number}行 “{column}”列：{shown}，{advice}"]


def test_tells_of_a_comma_too_many(folder: Path) -> None:
    append(folder, "网格", "N,新,网格,C,多")
    assert problems(folder) == [
        "网格.csv 第6行：比表头多出一格，请检查是否多了逗号；内容里有逗号时请整格加双引号"
    ]


def test_an_unknown_role_or_department_is_answered_with_the_known_ones(folder: Path) -> None:
    append(folder, "岗位", "P1,G,国王,,,")
    append(folder, "单位", "moon,月球,,,")
    role, unit = problems(folder)
    assert role.startswith("岗位.csv 第4行 “角色”列：“国王”，没有这个角色，可以写：网格长、")
    assert unit.startswith("单位.csv 第3行 “编号”列：“moon”，要用部门编号")
    assert "gongshui 供水企业" in unit


def test_tells_every_mistake_at_once_and_imports_nothing(folder: Path) -> None:
    append(folder, "网格", "N,,网格,X")
    append(folder, "人员", "P3,,张三")
    append(folder, "群", "g2,Y,,安静,")
    lines = problems(folder)
    assert [line.split("：")[0] for line in lines] == [
        "网格.csv 第6行 “名称”列",
        "网格.csv 第6行 “上级”列",
        "人员.csv 第4行 “姓名”列",
        "人员.csv 第4行 “账号”列",
        "群.csv 第3行 “会话”列",
        "群.csv 第3行 “网格编码”列",
        "群.csv 第3行 “名称”列",
        "群.csv 第3行 “模式”列",
    ]


def test_a_bad_row_causes_no_mistakes_elsewhere(folder: Path) -> None:
    write(folder, "人员", SMALL["人员"].replace("P1,甲", "P1,"))
    assert problems(folder) == ["人员.csv 第2行 “姓名”列：没有填，这一格必须填写"]


def test_a_circle_of_three_names_all_three(folder: Path) -> None:
    append(folder, "网格", "A,甲,网格,B", "B,乙,网格,D", "D,丁,网格,A")
    lines = problems(folder)
    assert [line.split("：")[0] for line in lines] == [
        f"网格.csv 第{n}行 “上级”列" for n in (6, 7, 8)
    ]
    assert all("绕成了圈" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("编号,账号\nP1,local:a\n", "人员.csv 第1行：缺少“姓名”列，表头应为 编号,姓名,账号"),
        (
            "编号,姓名,账户名\nP1,甲,local:a\n",
            "人员.csv 第1行：不认识“账户名”列，表头应为 编号,姓名,账号；自己的说明请用“备注”开头",
        ),
        ("编号,姓名,姓名\nP1,甲,乙\n", "人员.csv 第1行：“姓名”列出现了两次，请删去一列"),
    ],
)
def test_tells_of_a_wrong_header(folder: Path, text: str, line: str) -> None:
    write(folder, "人员", text)
    assert problems(folder)[0] == line


def test_tells_of_missing_and_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "人员.csv").write_bytes(b"\xff\xff\x00\x81")
    lines = problems(tmp_path)
    assert "人员.csv：文字编码不认识，请另存为“CSV UTF-8”后再导入" in lines
    for name in ("网格.csv", "岗位.csv", "群.csv"):
        assert f"{name}：没有找到这个文件，请放进 {tmp_path.name} 文件夹" in lines


# ── whatever is written down comes back


name_texts = (
    st.text("甲乙丙丁abc01 ,;\"'()（）", min_size=1, max_size=6).map(str.strip).filter(bool)
)
word_lists = st.lists(st.text("供水电暖气", min_size=1, max_size=4), max_size=3, unique=True)
counts = st.integers(0, 9_999_999)
opens = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))


@st.composite
def any_parts(draw: st.DrawFn) -> Parts:
    """A small roster such as a clerk might keep, references and all."""
    count = draw(st.integers(1, 5))
    grids = tuple(
        Grid(
            f"G{i}",
            draw(name_texts),
            list(LEVELS)[i],
            f"G{i - 1}" if i else "",
            draw(counts),
            draw(counts),
            draw(st.sampled_from(["", *KINDS])),
        )
        for i in range(count)
    )
    people = tuple(Person(f"P{i}", draw(name_texts), (f"local:{i}",)) for i in range(3))
    code, who = st.sampled_from([g.code for g in grids]), st.sampled_from(["P0", "P1", "P2"])
    posts = st.builds(Post, who, code, st.sampled_from(list(Role)), st.booleans(), opens)
    return Parts(
        grids=grids,
        people=people,
        posts=tuple(dict.fromkeys(draw(st.lists(posts, max_size=4)))),
        units=(Unit("gongshui", draw(name_texts), "0000-1", tuple(draw(word_lists)), draw(code)),),
        members=(Member("gongshui", draw(who)),),
        groups=(Group("local:g1", draw(code), draw(name_texts), "hint", tuple(draw(word_lists))),),
        duties=(Duty(draw(code), 1, draw(who), draw(st.integers(0, 24)), 24),),
        knowledge=(Knowledge(1, draw(code), "1401", ("疫苗",), draw(name_texts), "", draw(opens)),),
    )


def as_sheets(parts: Parts) -> dict[str, list[Sequence[object]]]:
    """The rows of each file, written independently of the reader."""
    knowledge = parts.knowledge[0]
    return {
        "网格": [["编码", "名称", "层级", "上级", "户数", "人数", "类型"],
               *([g.code, g.name, LEVELS[g.level], g.parent, g.households or "", g.persons,
                  KINDS.get(g.kind, "")] for g in parts.grids)],
        "人员": [["编号", "姓名", "账号"], *([p.id, p.name, p.accounts[0]] for p in parts.people)],
        "岗位": [["人员编号", "网格编码", "角色", "代理", "开始", "结束"],
               *([p.person, p.grid, p.role.label, "是" if p.acting else "", p.since or "", ""]
                 for p in parts.posts)],
        "单位": [["编号", "名称", "电话", "别名", "网格编码"],
               *([u.id, u.name, u.phone, ";".join(u.words), u.grid] for u in parts.units)],
        "单位人员": [["单位编号", "人员编号"], *([m.unit, m.person] for m in parts.members)],
        "群": [["会话", "网格编码", "名称", "模式", "地名词"],
              *([g.conversation, g.grid, g.name, "提示", ";".join(g.words)]
                for g in parts.groups)],
        "值班": [["网格编码", "顺序", "人员编号", "开始时", "结束时"],
               *([d.grid, d.order, d.person, d.from_hour, d.to_hour] for d in parts.duties)],
        "知识": [["网格编码", "类别", "关键词", "答案", "来源", "有效期"],
               [knowledge.grid, "1401", "疫苗", knowledge.answer, "", knowledge.valid_until or ""]],
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(any_parts(), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_a_folder_comes_back_as_it_was_written(parts: Parts, encoding: str) -> None:
    with TemporaryDirectory() as folder:
        for name, rows in as_sheets(parts).items():
            path = Path(folder) / f"{name}.csv"
            with path.open("w", encoding=encoding, newline="") as file:
                csv.writer(file).writerows(rows)
        assert read_folder(Path(folder)) == parts


rubbish = st.text('编码名称层级,;"\n local:P1G甲-0123是', max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(SMALL)), rubbish)
def test_rubbish_is_refused_or_read_but_never_a_crash(name: str, text: str) -> None:
    with TemporaryDirectory() as folder:
        for file, content in SMALL.items():
            write(Path(folder), file, content + (text if file == name else ""))
        parts, lines = read_or_refuse(Path(folder))
    assert all(line.startswith(f"{name}.csv") for line in lines)
    if parts:
        assert {p.grid for p in parts.posts} <= {g.code for g in parts.grids} | {""}
        assert {p.person for p in parts.posts} <= {p.id for p in parts.people}


def read_or_refuse(folder: Path) -> tuple[Parts | None, list[str]]:
    try:
        return read_folder(folder), []
    except ImportProblems as refused:
        return None, refused.lines


# ── the template and the sample district


def test_the_template_can_be_imported_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "new"
    written = write_template(target)
    assert {p.name for p in written} == {f"{name}.csv" for name in SMALL} | {"填写说明.txt"}
    parts = read_folder(target)
    assert len(parts.grids) == 4
    lines = [gap.line for gap in Roster(parts).checks(NOW)]
    assert lines == ["示例供水公司没有登记承办人，只能打电话 0000-0000000。"]


def test_the_template_opens_in_a_spreadsheet_and_explains_itself(tmp_path: Path) -> None:
    for path in write_template(tmp_path):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    text = (tmp_path / "填写说明.txt").read_text(encoding="utf-8-sig")
    for word in (*(role.label for role in Role), "gongshui 供水企业", "微网格", "静默"):
        assert word in text


def test_the_template_overwrites_nothing(folder: Path) -> None:
    before = (folder / "人员.csv").read_bytes()
    with pytest.raises(FileExistsError, match=r"人员\.csv"):
        write_template(folder)
    assert (folder / "人员.csv").read_bytes() == before
    assert not (folder / "填写说明.txt").exists()


@pytest.fixture(scope="module")
def district() -> Roster:
    return Roster(read_folder(DISTRICT))


def test_the_sample_district_has_its_tree(district: Roster) -> None:
    levels = [g.level for g in district.parts.grids]
    assert [levels.count(level) for level in ("district", "street", "community", "grid", "micro")] \
        == [1, 1, 2, 3, 6]  # fmt: skip
    assert len(district.parts.groups) == 4
    for grid in district.parts.grids:
        number, _, suffix = grid.code.partition("-")
        if grid.level in ("grid", "micro"):
            assert len(number) == 15
        assert bool(suffix) == (grid.level == "micro")


def test_the_sample_district_invents_its_numbers_and_marks_its_people(district: Roster) -> None:
    assert all(p.name.endswith("（示例）") for p in district.parts.people)
    for unit in district.parts.units:
        assert unit.phone in ("", "110", "119") or unit.phone.startswith("0000-"), unit


@pytest.mark.parametrize(
    ("account", "grid", "role"),
    [
        ("local:leader", CELL, Role.LEADER),
        ("local:worker", CELL, Role.WORKER),
        ("local:community", CELL, Role.COMMUNITY),
        ("local:street", CELL, Role.STREET),
        ("local:supervisor", CELL, Role.SUPERVISOR),
        ("local:water", CELL, Role.DEPARTMENT),
        ("local:gas", VILLAGE, Role.DEPARTMENT),
        ("local:wuye", CELL, Role.PROPERTY),
        ("local:leader2", VILLAGE, Role.LEADER),
        ("local:admin", VILLAGE, Role.ADMIN),
    ],
)
def test_the_cast_of_the_sample_district(
    district: Roster, account: str, grid: str, role: Role
) -> None:
    assert role in district.roles_in(account, grid, NOW)


def test_the_sample_residents_live_in_their_groups(district: Roster) -> None:
    for account in ("local:wang", "local:li", "local:zhao"):
        home = district.home_group(account)
        assert home is not None
        assert home.conversation == "local:g1"
        assert district.roles_in(account, home.grid, NOW) == set()
    village = district.home_group("local:yang")
    assert village is not None
    assert village.conversation == "local:g2"


def test_the_sample_duty_chain_of_the_village(district: Roster) -> None:
    chain = district.duty_chain(VILLAGE, NOW)
    assert [district.account_on(p, "local") for p in chain] == [
        "local:leader2", "local:worker2", "local:community2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("供水", "gongshui"),
        ("自来水公司", "gongshui"),
        ("水司", "gongshui"),
        ("煤气公司", "ranqi"),
        ("物业", "wuye"),
        ("派出所", "gongan"),
        ("劳动监察", "renshe"),
        ("城管", "chengguan"),
        ("居委会", "community"),
        ("街道", "street"),
    ],
)
def test_the_sample_units_answer_to_what_people_call_them(
    district: Roster, words: str, unit: str
) -> None:
    assert [u.id for u in district.unit_named(words, CELL)] == [unit]


@pytest.mark.parametrize(
    ("code", "text", "part"),
    [
        ("1401", "疫苗接种点还有疫苗吗", "剂"),
        ("1201", "独生子女证丢了人在外地咋补", "身份证"),
        ("1205", "社区几点上班", "8:30"),
    ],
)
def test_the_sample_answers(district: Roster, code: str, text: str, part: str) -> None:
    entry = district.answer(CELL, code, text, date(2029, 1, 1))
    assert entry is not None
    assert part in entry.answer
    assert entry.source
    assert entry.valid_until == date(2030, 12, 31)


def test_only_units_without_a_handler_are_missing_in_the_sample(district: Roster) -> None:
    assert all(gap.kind == "单位没有承办人" for gap in district.checks(NOW))


def test_a_whole_district_is_read(folder: Path) -> None:
    cells = [f"G{i},第{i}网格,网格,C" for i in range(8000)]
    people = [f"Q{i},人{i},local:u{i}" for i in range(100_000)]
    append(folder, "网格", *cells)
    append(folder, "人员", *people)
    append(folder, "岗位", *(f"Q{i},G{i % 8000},居民,,," for i in range(100_000)))
    append(folder, "群", *(f"local:c{i},G{i},群{i},," for i in range(8000)))
    parts = read_folder(folder)
    assert (len(parts.people), len(parts.groups)) == (100_002, 8001)


# ── counts, kinds and the names of the levels


@pytest.mark.parametrize(
    ("written", "count"), [("320", 320), ("320户", 320), ("约960人", 960), ("", 0), ("0", 0)]
)
def test_households_and_persons_are_counts(folder: Path, written: str, count: int) -> None:
    write(folder, "网格", f"编码,名称,层级,户数,人数\nG,甲,网格,{written},7\n")
    rest = ("岗位", "单位", "单位人员", "群", "值班", "知识")
    for name in rest:
        write(folder, name, SMALL[name].partition("\n")[0] + "\n")
    assert read_folder(folder).grids == (Grid("G", "甲", "grid", "", count, 7),)


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ("三百,,", "网格.csv 第6行 “户数”列：“三百”，要写整数，例如 320；不知道可以空着"),
        (",-5,", "网格.csv 第6行 “人数”列：“-5”，要写整数，例如 320；不知道可以空着"),
        (",12.5,", "网格.csv 第6行 “人数”列：“12.5”，要写整数，例如 320；不知道可以空着"),
        (
            ",,郊区",
            "网格.csv 第6行 “类型”列：“郊区”，可以写：城镇、农村、城市、城区、乡村、村",
        ),
    ],
)
def test_wrong_counts_and_kinds_are_told(folder: Path, cells: str, line: str) -> None:
    head, _, rest = SMALL["网格"].partition("\n")
    rows = rest.replace("\n", ",,,\n")
    write(folder, "网格", f"{head},户数,人数,类型\n{rows}X,乙,微网格,G,{cells}\n")
    assert problems(folder) == [line]


ZHANGZI = dict(zip(LEVELS, ("县", "乡镇", "行政村", "全科网格", "微网格"), strict=True))


def test_levels_may_have_other_names_and_a_tree_may_leave_some_out(folder: Path) -> None:
    write(
        folder, "网格",
        "编码,名称,层级,上级\nS,示例县,县,\nC,示例镇,乡镇,S\nG,示例村,行政村,C\nM,东片,微网格,G\n",
    )  # fmt: skip
    parts = read_folder(folder, levels=ZHANGZI)
    assert [g.level for g in parts.grids] == ["district", "street", "community", "micro"]
    write_lists(folder / "out", parts, ZHANGZI)
    written = (folder / "out" / "网格.csv").read_text(encoding="utf-8-sig")
    assert "G,示例村,行政村,C" in written
    assert read_folder(folder / "out", levels=ZHANGZI) == parts
    append(folder, "网格", "Z,乙,乡镇,M")
    with pytest.raises(ImportProblems, match="乡镇不能放在微网格“1幢”下面"):
        read_folder(folder, levels=ZHANGZI)


def test_the_template_speaks_of_the_levels_by_their_names(tmp_path: Path) -> None:
    write_template(tmp_path, ZHANGZI)
    assert "行政村" in (tmp_path / "网格.csv").read_text(encoding="utf-8-sig")
    assert "层级：县、乡镇、行政村" in (tmp_path / "填写说明.txt").read_text(encoding="utf-8-sig")
    assert len(read_folder(tmp_path, levels=ZHANGZI).grids) == 4


def test_only_the_full_time_worker_is_full_time(folder: Path) -> None:
    append(folder, "岗位", "P1,G,专职网格员,,,", "P2,G,兼职网格员,,,")
    assert read_folder(folder).posts[2:] == (
        Post("P1", "G", Role.WORKER, full_time=True),
        Post("P2", "G", Role.WORKER),
    )
