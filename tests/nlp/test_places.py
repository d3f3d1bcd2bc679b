"""Places: what a person would mark as where, nothing that only looks like it, comparable forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import corpus, places
from nlp.places import find_places, normalise_place
from nlp.reading import Place
from nlp.spotter import signs_of

ADDRESSES = [
    ("3号楼2单元501室漏水", "3号楼2单元501室"),
    ("3-2-501没水了", "3-2-501"),
    ("11-602下水堵了", "11-602"),
    ("三号楼二单元灯不亮", "三号楼二单元"),
    ("7幢又停电", "7幢"),
    ("十二栋没暖气", "十二栋"),
    ("B座门禁坏了", "B座"),
    ("A3栋1207装修太吵", "A3栋1207"),
    ("12层有人抽烟", "12层"),
    ("负一层积水", "负一层"),
    ("地下二层进水了", "地下二层"),
    ("6#楼没暖气", "6#楼"),
    ("3#2单元跳闸", "3#2单元"),
    ("806也湿了", "806"),
    ("二单元101有人砸墙", "二单元101"),
    ("1至9号楼都停水", "1至9号楼"),
    ("四零一漏水", "四零一"),
    ("18弄6号门口有垃圾", "18弄6号门口"),
    ("4 单元没灯", "4 单元"),
    ("地铁A口全是单车", "地铁A口"),
]

SITES = [
    ("东门口堵车", "东门口"),
    ("小区北门路灯坏了", "小区北门"),
    ("大门口有人打架", "大门口"),
    ("幸福路坑坑洼洼", "幸福路"),
    ("菜场口那段马路塌了", "菜场口那段马路"),
    ("村口小桥断了", "村口小桥"),
    ("后河沿臭得很", "后河沿"),
    ("幼儿园门口太挤", "幼儿园门口"),
    ("物业后面有堆垃圾", "物业后面"),
    ("快递柜旁边的灯坏了", "快递柜旁边"),
    ("健身广场太吵", "健身广场"),
    ("垃圾站满了", "垃圾站"),
    ("公交站没有凳子", "公交站"),
    ("学校西侧有坑", "学校西侧"),
    ("沟西村停水", "沟西村"),
    ("水渠边塌方", "水渠边"),
    ("三组路灯不亮", "三组"),
    ("关于桂花苑停车难的问题", "桂花苑"),
    ("解放路与滨河路口没灯", "解放路"),
    ("大井巷17号漏电", "大井巷17号"),
]

RELATIVE = [
    ("我家楼下天天烧烤", "我家楼下"),
    ("我们单元门口堆满纸箱", "我们单元门口"),
    ("对门吵架", "对门"),
    ("隔壁装修", "隔壁"),
    ("楼上1403漏水", "楼上1403"),
    ("桶边上全是苍蝇", "桶边上"),
    ("活动室旁边积水", "活动室旁边"),
    ("3单元门口的井盖松了", "3单元门口"),
    ("15号楼前头的树断了", "15号楼前头"),
    ("我家防盗门上贴满了", "我家防盗门上"),
    ("卫生间滴水", "卫生间"),
    ("顶楼漏雨", "顶楼"),
    ("楼道有股味", "楼道"),
    ("我们14栋没水", "14栋"),
]

NOT_PLACES = [
    "3号下午两点开会",
    "一共1200元",
    "转了806元给他",
    "买了502胶水",
    "拨打110或者120",
    "12345打了三次",
    "电话13800000000",
    "办结 #12",
    "#302 收到",
    "坐CA1301去的",
    "31路车晚点",
    "上午来人修，下午走了",
    "前天说的事后来怎样",
    "走路小心",
    "物业费什么时候交",
    "这么多年没人管",
    "他里里外外忙活",
    "谢谢大家",
    "身份证丢了怎么补",
    "一层灰，擦不掉",
    "12.5平米多少钱",
    "每斤3块，共1008克",
    "2009年买的",
    "村民代表选举",
]


@pytest.mark.parametrize(("text", "expected"), [*ADDRESSES, *SITES, *RELATIVE])
def test_the_place_is_found_whole(text: str, expected: str) -> None:
    found = [p.text for p in find_places(text)]
    assert expected in found, found


@pytest.mark.parametrize("text", NOT_PLACES)
def test_what_only_looks_like_a_place_is_left_alone(text: str) -> None:
    assert find_places(text) == ()


def test_several_places_in_one_message_keep_their_order() -> None:
    found = find_places("7号楼停水，东门路灯也坏了，5栋呢")
    assert [p.text for p in found] == ["7号楼", "东门", "5栋"]
    assert [p.normal for p in found] == ["7幢", "东门", "5幢"]


def test_an_order_gives_the_building() -> None:
    assert "16栋" in [p.text for p in find_places("接龙 8、16栋老周家 面粉一袋")]


def test_own_words_of_a_group_win() -> None:
    words = ("大白楼", "红房子后头")
    found = find_places("大白楼漏水，红房子后头也漏", words)
    assert [p.text for p in found] == ["大白楼", "红房子后头"]
    assert [p.start for p in found] == [0, 6]
    assert "大白楼" not in [p.text for p in find_places("大白楼漏水")]


def test_own_words_join_with_what_follows() -> None:
    assert find_places("大白楼门口堵了", ["大白楼"])[0].text == "大白楼门口"
    assert find_places("大白楼3单元没灯", ["大白楼"])[0].text == "大白楼3单元"


def test_empty_own_words_do_no_harm() -> None:
    assert find_places("东门堵车", ["", ""]) == find_places("东门堵车")


SAME = [
    ("3号楼2单元门口", "3栋二单元", "3幢2单元"),
    ("3-2-501", "三号楼二单元501室", "3幢2单元501室"),
    ("6#楼", "六号楼", "6幢"),
    ("十二栋", "12号楼前面", "12幢"),
    ("B座", "b座楼下", "B幢"),
    ("负一层", "地下一层", "负1层"),
    ("806", "806室", "806室"),
    ("四零一", "401", "401室"),
    ("小区北门", "北门口", "北门"),
    ("东大门", "东门外", "东门"),
    ("小区大门口", "我们小区门口", "大门"),
    ("菜场口那段马路", "农贸市场门口", "菜场"),
    ("地下车库", "地库里", "地库"),
    ("快递柜旁边", "菜鸟驿站", "快递柜"),
    ("幼儿园门口", "幼儿园西侧", "幼儿园"),
    ("幸福路", "幸福路两侧", "幸福路"),
    ("翠湖苑7幢", "翠湖苑七号楼", "翠湖苑7幢"),
    ("３号楼", "3 号楼", "3幢"),
]


@pytest.mark.parametrize(("one", "other", "normal"), SAME)
def test_two_spellings_are_one_place(one: str, other: str, normal: str) -> None:
    assert normalise_place(one) == normal
    assert normalise_place(other) == normal


DIFFERENT = [
    ("3号楼2单元", "3号楼1单元"),
    ("3号楼", "13号楼"),
    ("东门", "东南门"),
    ("幸福路", "幸福路28号"),
    ("801", "1801"),
    ("2期11栋", "11栋"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_places_stay_different(one: str, other: str) -> None:
    assert normalise_place(one) != normalise_place(other)


AT_HOME = [
    ("我家楼下", "3幢2单元"),
    ("我们单元门口", "3幢2单元"),
    ("楼道里", "3幢2单元"),
    ("对门", "3幢2单元"),
    ("楼上1403", "3幢2单元1403室"),
    ("1单元", "3幢1单元"),
    ("5楼", "3幢5层"),
    ("7号楼", "7幢"),
    ("小区北门", "北门"),
]


@pytest.mark.parametrize(("text", "expected"), AT_HOME)
def test_the_speakers_home_completes_a_place(text: str, expected: str) -> None:
    assert normalise_place(text, own_building="3号楼2单元") == expected


@pytest.mark.parametrize("text", ["我家楼下", "我们单元门口", "隔壁", "楼上", "我家防盗门上", ""])
def test_without_the_speaker_a_relative_place_says_nothing(text: str) -> None:
    assert normalise_place(text) == ""


letters = st.text(
    alphabet=st.sampled_from(
        "3号楼2单元501室一二三十层栋幢座#-—0负地下门口东南西北路街村里上下旁边的那段我家们"
        "这B区、 ，。小区菜场幼儿园０\ud83d\n"
    ),
    max_size=40,
)
anything = st.one_of(letters, st.text(max_size=60))


@given(anything, st.lists(letters, max_size=4))
def test_every_place_is_an_exact_substring(text: str, words: list[str]) -> None:
    end = 0
    for place in find_places(text, words):
        assert isinstance(place, Place)
        assert place.text
        assert text[place.start : place.start + len(place.text)] == place.text
        assert place.start >= end
        assert place.normal == normalise_place(place.text)
        end = place.start + len(place.text)


@given(anything, anything)
def test_normalising_a_normal_form_changes_nothing(text: str, home: str) -> None:
    plain = normalise_place(text)
    assert normalise_place(plain) == plain
    at_home = normalise_place(text, home)
    assert normalise_place(at_home) == at_home


WORDS = st.sampled_from(
    (
        *"这那上下里新老大家楼东三3号栋A座环市的在，",
        "我",
        "我家",
        "我们",
        "旁边",
        "上面",
        "门口",
        "二十",
    )
)


@given(st.lists(WORDS, max_size=9))
def test_no_place_is_missed_by_looking_for_its_beginnings_first(words: list[str]) -> None:
    text = "".join(words)
    everywhere = find_places(text, signs=set(places._STRONG))
    assert find_places(text) == everywhere == find_places(text, signs=signs_of(text))


def test_no_place_of_the_corpus_is_missed_by_looking_for_its_beginnings_first() -> None:
    everything = set(places._STRONG)
    for example in corpus.shipped()[::9]:
        assert find_places(example.text) == find_places(example.text, signs=everything)
