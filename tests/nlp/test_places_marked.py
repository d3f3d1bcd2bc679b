"""Places in sentences that people marked by hand, each with its comparable form.

These are the few sentences of the corpus that any change of the rules is likeliest to break."""

from __future__ import annotations

import pytest

from nlp.places import find_places, normalise_place

# sentence | place > comparable form; nothing after the bar: the sentence names no place.
MARKED = """
井盖不见了，拿个破沙发扣着，这创意满分汽贸城旁 | 汽贸城旁 > 汽贸城
五号楼二单元三零一要两袋大米一桶油 | 五号楼二单元三零一 > 5幢2单元301室
被征地农民的社保啥时候办 我们下塘村 | 我们下塘村 > 下塘村
有人在家里开钢琴班，翠苑6-502，一天七八个学生 | 翠苑6-502 > 翠苑6幢502室
跳蚤 这楼道里有跳蚤 腿上一串 | 楼道里 > 楼道
建议把十五层西户的花架先取下来，台风明天到 | 十五层西户 > 15层
关于某民营医院手术致残请求调处的申请 | 某民营医院 > 民营医院
今晚放坝坝电影，篮球场声音大点，十点结束 | 篮球场 > 篮球场
校车不到俺村 娃要走五里地 | 俺村 > 村
逃生窗的防盗网没留口，老铁路宿舍一溜都是 | 老铁路宿舍 > 老铁路宿舍
楼底下小房里圈了三只羊，膻气直往屋里钻 | 楼底下小房里 > 楼底下小房
过街的横幅脱了一端，搭在货车上扯着跑镇上 | 镇上 > 镇上
卖的肉过期还掉秤人民菜场18号 | 人民菜场18号 > 人民菜场18号
请社区领导看看我发的大门口那张图 | 大门口 > 大门
国贸楼下“免费体检车”推销三万的床 | 国贸楼下 > 国贸楼
门口路面裂了 | 门口 >
俺疃东头大湾边上叫人倒了好几车烂苹果 蜂子嗡嗡的 | 东头大湾边上 > 东头大湾
石膏线、龙骨、钉子一堆，地下二层C区轮胎已经扎了俩了 | 地下二层C区 > 负2层
关于本人所反映事项的补充 |
车库里养鸡 想想鸡瘟就害怕 | 车库里 > 地库
修手机碎屏去步行街二楼，贴膜送 | 步行街二楼 > 步行街2楼
路面暗冰，刚才公交都甩尾了南环 | 南环 > 南环
喂喂喂听得到伐，后弄堂水涨到门槛了呀 | 后弄堂 > 后弄堂
关于XX村三组生产道路长期未硬化的问题 | XX村三组 > XX村3组
电瓶又提家去冲电了 说他就瞪我 老二单元 | 老二单元 > 老2单元
负一层地砖翘起来绊人 | 负一层 > 负1层
三期沙坑木板断茬扎手 | 三期沙坑 > 3期沙坑
问下菜场卖活虾的今天出摊没 | 菜场 > 菜场
暗渠塌了，水从路缝里冒供销社后 | 供销社后 > 供销社后
养鹅把河边的滩涂全踩烂 水体浑黑 | 河边的滩涂 > 河边的滩涂
关于金桥二路管廊夜间施工扰民的投诉 | 金桥二路 > 金桥二路
三中操场外井圈裂了一道缝，车压着直颤 | 三中操场外 > 三中操场
早餐车天天卡在地铁A口，上班挤成罐头 | 地铁A口 > 地铁A口
9号和10号楼中间伸缩缝漏，两边楼都湿 | 9号和10号楼中间 > 9号和10号楼
大风刮的，二环边上塑料布广告纸满天飞没人收拾 | 二环边上 > 二环
今年四排平房臭虫多得很 娃娃身上咬得没一块好地方 | 四排平房 > 四排平房
公园公厕没水冲 | 公园公厕 > 公园公厕
杨柳站公交司机甩站 | 杨柳站 > 杨柳站
+1，9-1-502 | 9-1-502 > 9幢1单元502室
3洞楼下冲电桩用不了 | 3洞楼下 > 3洞楼
基站建在我们楼顶，租金归谁 | 我们楼顶 >
关于救助货场路露宿人员的请求 | 货场路 > 货场路
门牌号18弄6号，刚才打错字了 | 18弄6号 > 18弄6号
桐花苑租客办居住证房东要写什么 | 桐花苑 > 桐花苑
关于请求排查老粮库起火隐患的报告 | 老粮库 > 老粮库
工作人员上班时间在办公室麻将开着 | 办公室 > 办公室
烟囱歪得厉害，老澡堂那根，风大就晃 | 老澡堂 > 老澡堂
小区一楼有人做美甲培训，丙酮味钻电梯 | 小区一楼 > 1层
关于为受灾的岭后村调拨生活物资的紧急请求 | 岭后村 > 岭后村
谢谢金樽会所让我全家学会了所有的情歌对唱 | 金樽会所 > 金樽会所
那个塘没得护拦 我孙子差点栽下去 村委屋后 | 村委屋后 > 村委屋后
阳台养鸡，天不亮打鸣，还天天掉鸡毛，楼板也剁得震 | 阳台 > 阳台
"""


def _rows() -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for line in MARKED.strip().splitlines():
        text, _, places = line.partition(" |")
        pairs = [one.partition(" >") for one in places.strip().split("；") if one]
        found.append((text, [(place, form.strip()) for place, _, form in pairs]))
    return found


@pytest.mark.parametrize(("text", "places"), _rows())
def test_the_places_that_a_person_marked(text: str, places: list[tuple[str, str]]) -> None:
    assert [(place.text, place.normal) for place in find_places(text)] == places


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("小区后门", "后门"), ("院子后门口", "后门"), ("大院东门", "东门"), ("2号门岗亭", "2号门"),
        ("医院后门", "医院后门"), ("敬老院东门", "敬老院东门"), ("法院北门", "法院北门"),
        ("学院西门", "学院西门"), ("电影院侧门", "电影院侧门"),
    ],
)  # fmt: skip
def test_a_gate_of_the_estate_is_not_one_of_a_hospital(text: str, form: str) -> None:
    assert normalise_place(text) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("三四层", "三四层"), ("三四层中间", "三四层"), ("两三层", "两三层"),
        ("二三号楼", "二三号楼"),
        ("三十四层", "34层"), ("十二层", "12层"), ("二十层", "20层"), ("一一栋", "11幢"),
        ("五零一", "501室"), ("三四零一", "3401室"),
    ],
)  # fmt: skip
def test_two_numbers_side_by_side_are_no_number(text: str, form: str) -> None:
    assert normalise_place(text) == form
