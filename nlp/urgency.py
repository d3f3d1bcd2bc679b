"""Whether life or limb is at risk now: words of danger and the scope that takes them back.

Rules only look at the text; the model's own score for urgency comes in as a number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import NamedTuple

from nlp.danger_signs import SIGNS
from nlp.spotter import Spotter

DANGERS = {
    "fire": (
        r"(?<!没有)(?<!没)(?<!打不)(?<!点不)着(?:了)?火|起火|失火|走水了|火苗|火势|火光|大火"
        r"|自燃|烧起来|烧着|烧得|在烧|冒(?:黑|浓|白|青|蓝)?(?:烟|火|光)|窜(?:火|烟)|蹿火|浓烟"
        r"|往外(?:冒|窜|蹿)|爆炸|炸了|(?:焦|烧)糊|糊味|焦味|全是烟|都是烟|烟(?:往|从|灌|呛)|火星(?![文人撞])"
        r"|火花|噼里啪啦|喷火|火警"
    ),
    "gas": (
        r"(?:煤气|燃气|天然气|液化气|瓦斯|气罐|煤烟)[^,，。!！?？]{0,8}(?:味|泄|漏|中毒|嘶|呲|炸|响|断|裂)"
        r"|漏(?:煤气|燃气|气)|一氧化碳|挖(?:断|破|漏)[^,，。]{0,6}(?:气|燃)"
        r"|臭鸡蛋味[^,，。]{0,8}(?:厨房|楼道|灶)"
    ),
    "trapped": (
        r"(?:困|卡|关|锁|压|埋|夹)(?:在|住|到|进)[^。!！?？]{0,10}(?:电梯|里面|里头|底下|下面|屋里|车里|出不来)"
        r"|电梯[^。!！?？]{0,10}(?:困|关着|有人|夹住|出不来|往下掉|急坠)|困人|被困"
        r"|反锁(?:在|里|家)|出不来了|(?:压|埋|夹|卡)住了?[^。]{0,6}(?:人|手|头|腿|脚|孩子|老)"
        r"|(?:手|头|腿|脚)[^。]{0,4}(?:卡|夹)"
    ),
    "senses": (
        r"叫不(?:醒|应)|喊不(?:醒|应)|没(?:有|了)?(?:呼吸|知觉|反应|意识|气了|脉)|不省人事"
        r"|昏(?:倒|迷|过去)|晕(?:倒|过去)|抽搐|抽抽|抽起来|口吐白沫|翻白眼|一动不动|动不了"
        r"|起不来|倒(?:在|地)|不会动|休克|喊他没|不喘"
    ),
    "breath": (
        r"喘不(?:上|过|了)|呼吸困难|憋(?:气|得|死)|嘴唇(?:发)?(?:紫|青|乌)|噎(?:住|着)"
        r"|呛(?:住|着)了|卡(?:住|到|着)?(?:喉|嗓)|心梗|脑梗|中风|心脏(?:病|骤)"
        r"|胸(?:口)?(?:疼|闷|痛)|嘴(?:都)?歪|半边[^。]{0,4}(?:不动|没知觉|麻)"
        r"|过敏[^。]{0,6}(?:喘|肿)"
    ),
    "blood": (
        r"血流不止|止不住血|血止不住|(?:流|淌|喷|吐|便|出|滴)(?:了)?[^。]{0,5}血"
        r"|满(?:头|脸|地|身)(?:都)?是?血|一(?:地|滩|身)血|见红|浑身是血|头破|割(?:断|到动脉)"
        r"|断了[^。]{0,3}(?:手|腿)|骨头(?:都)?(?:露|断)|烫伤|烧伤"
        r"|砸(?:中|到|伤)(?:了)?[^。]{0,4}(?:人|头|孩子|老)|撞(?:飞|倒|伤|了人|到人)"
        r"|被[^。]{0,6}(?:车撞|撞了|砸中|砸伤|咬伤)"
        r"|摔[^。]{0,10}(?:动不|不动|起不来|叫|昏|骨折|断)"
    ),
    "despair": (
        r"跳(?:楼|河|江|桥|下去|了)|要(?:往下)?跳|轻生|自(?:杀|尽|残)|不想活"
        r"|活(?:不下去|着没|够了)|割(?:腕|脉)|喝(?:了)?[^。]{0,4}(?:农药|百草枯|敌敌畏|毒)|喝药"
        r"|吃(?:了)?(?:好多|一瓶|一把|整瓶|半瓶)[^。]{0,5}药|安眠药|吞(?:了)?[^。]{0,4}药"
        r"|(?:想|要|寻)死|遗书|撑不(?:下去|住)|了断|结束(?:自己|生命)|来世"
        r"|站在[^。]{0,6}(?:楼顶|天台|窗台|阳台外|栏杆外)|坐在[^。]{0,6}(?:楼顶|天台|窗台|栏杆)"
    ),
    "current": (
        r"触电|电(?:到|着|倒|了)(?:人|一下|个)|电住|被电"
        r"|线[^。]{0,8}(?:掉|断|落)[^。]{0,10}(?:人|车上|水里|冒|打|火)"
        r"|漏电[^。]{0,8}(?:人|麻|水)|高压线[^。]{0,6}(?:断|掉)"
    ),
    "water": (
        r"落水|溺水|淹(?:死|到|着)[^。]{0,4}(?:人|孩子)"
        r"|掉(?:进|到|下|水|河|井|坑)[^。]{0,8}(?:河|水|井|坑|湖|塘|池|冰|沟|里)"
        r"|(?:河|水|湖|塘|井|冰窟窿)里[^。]{0,6}(?:有人|有个|孩子|扑腾|喊)|冰(?:面)?(?:裂|破|塌)"
        r"|往(?:冰|河|水)[^。]{0,4}(?:跑|走)"
        r"|水(?:已经|都)?(?:到|没过|淹到)[^。]{0,4}(?:胸|腰|脖|床|窗)"
    ),
    "care": (
        r"要生了|快生了|羊水|破水|临产|难产|生了在|阵痛|宫缩|胰岛素[^。]{0,8}(?:没|完|断|用)"
        r"|氧气[^。]{0,10}(?:没|完|用|够|断|只)|(?:呼吸机|制氧机)[^。]{0,10}(?:停|没|断|电)"
        r"|断(?:药|氧)|透析[^。]{0,12}(?:不了|出不|去不|急|没)|救命药|速效救心|硝酸甘油"
        r"|烧(?:到|了)?\s*(?:39|40|41|三十九|四十)|高烧(?:不退|惊|抽)|惊厥"
        r"|误(?:吞|食|服)|吞(?:了|下)[^。]{0,6}(?:电池|硬币|钉|磁)"
        r"|救护车[^。]{0,8}(?:进不来|进不去|堵|来不|还没|多久)"
        r"|120[^。]{0,6}(?:叫|打|还没|不来|快)|急救|除颤|AED|担架|蛇咬|中毒"
    ),
    "lost": (
        r"走(?:失|丢|散)|失踪"
        r"|(?:老人|孩子|小孩|娃|崽|奶奶|爷爷|爸|妈|老伴|闺女|儿子|女儿|孙子|孙女|老头|老太|弟弟|妹妹|姑娘|伢)[^。!！?？]{0,20}(?:不见|没(?:有)?(?:回|找到|到家|影|见)|找不(?:到|着)|丢了|没了影|联系不上|跑出去|出走)"
        r"|(?:谁|有没有)[^。]{0,6}(?:看见|看到|见到|见过|碰到)[^。]{0,12}(?:孩子|老人|娃|小孩|男孩|女孩|奶奶|爷爷|老头|老太|我爸|我妈|我家)"
        r"|寻人|离家出走|一夜(?:没|未)(?:回|归)|抱走(?:了)?孩子|拐(?:走|孩子)"
    ),
    "alone": (
        r"敲门(?:半天|好久)?(?:没|不|也没|都没)(?:人)?(?:应|开|答|反应)"
        r"|(?:老人|老太|老头|老伴|爸|妈|奶奶|爷爷|婆婆|公公|阿姨|大爷|叔|伯|独居|一个人|他|她)[^。]{0,24}(?:电话|手机)[^。]{0,10}(?:没人接|不接|打不通|关机|无人接)"
        r"|(?:几|两|三|四|2|3)天(?:没|不)(?:见|出门|下楼|露面|开门|动静)"
        r"|屋里[^。]{0,6}(?:臭|没动静|呻吟|喊)"
    ),
    "violence": (
        r"(?:动|拿|持|亮|掏|抡|举)(?:着|了|出|起)?[^。]{0,3}(?:刀|斧|棍|钢管|铁锹|砖|酒瓶|枪)"
        r"|砍(?:人|伤|了)|捅(?:人|伤|了)|往死里(?:打|揍)"
        r"|(?:打|揍|干)(?:起来|群架|死|出血|得哭|得鬼|得满|老婆|媳妇|孩子|女人|老人|人了)|打架"
        r"|群殴|斗殴|械斗|动手了|掐(?:着)?脖|勒(?:着)?脖"
        r"|打(?:他|她|我)[^。]{0,4}(?:哭|喊|救|头|血)|救命|强(?:奸|行拖)|劫持|绑(?:架|走)|抢劫"
        r"|砸门|踹门"
    ),
    "home": (
        r"(?:老公|丈夫|男人|男朋友|前夫|对象|我爸|爸爸|我妈|继父|后爸|后妈|公公|婆婆|儿子|他|她)"
        r"[^,，。!！?？]{0,6}(?<![电拨该要])(?:打|揍|掐|踹)(?:了|着)?(?:我|她|他|孩子|人|老婆|媳妇)"
        r"(?![电招算听扰气手座微])|(?:打|揍)(?:我|我妈|孩子)[^。]{0,4}(?:救|报警|打死|流血)"
    ),
    "collapse": (
        r"(?:塌|垮|倒)(?:了|下来|塌)[^。]{0,10}(?:人|压|埋|砸|车|房|楼|墙|架)"
        r"|(?:房|楼|墙|屋|棚|架|桥|塔吊)[^。]{0,4}(?:塌|垮)|坍塌|倒塌|要塌|快塌|滑坡"
        r"|泥石流|山洪|悬(?:在|空)|挂在[^。]{0,6}(?:窗|外)|吊在|半空"
    ),
    "crowd": (
        r"(?:几十|上百|几百|好多|一大帮|一群)[^。]{0,8}(?:人)[^。]{0,10}(?:围|堵|冲|打|闹|砸)"
        r"|出人命|快来人|快报警|赶紧报警"
    ),
}
"""Kinds of danger to people, each with the ways of saying it that we know."""

SCOPES = {
    "drill": (
        r"演(?:练|习)|培训|讲座|宣传|科普|预防|谨防|提(?:醒|示)(?:大家|各位|居民|您|业主)"
        r"|安全(?:知识|教育|月|提示)|温馨提示|注意事项|常识"
    ),
    "story": (
        r"电(?:影|视)|剧(?:情|里|集|本)|追剧|小说|游戏|视频里|抖音|直播|段子|新闻|小品|综艺"
        r"|听说(?:别|外|以前)|朋友圈|转发|网上说|梦(?:见|到)|笑(?:死|话)"
    ),
    "past": (
        r"昨(?:天|晚|夜|儿)|前(?:天|几天|年|阵|段|些)|上(?:周|个?月|次|回|礼拜)|去年|当年"
        r"|那(?:年|次|回|会儿)|之前|以前|早年|小时候|年轻时|有一回|曾经|那时"
    ),
    "over": (
        r"(?:已经?|都)(?:扑灭|灭了|好了|处理|没事|救|送|回|找|解决)|扑灭了|灭掉了"
        r"|没(?:有)?(?:着火|漏气|受伤|人伤|大碍)|没事(?:了|啦|儿了)|虚惊|不是(?:着火|煤气|漏)"
        r"|找(?:到|着)了|回(?:来|家)了|救(?:出来|上来|下来)了|放出来了|出院|脱险|抢救过来|处理完"
        r"|结果出来|修好了|谢谢"
    ),
    "maybe": (
        r"会不会|万一|假如|如果|要是|不然|迟早|早晚|哪天|容易|担心|生怕"
        r"|怕(?:它|他|她|孩子|老人|着火|爆炸|掉|砸|出)|可能会|以后|将来|别等|隐患"
        r"|危险|真(?:着|出|要)|等(?:着火|出事|出人命|砸)|差一?点|险些|出了事"
        r"|谁负责|怎么(?:预防|办理|申请|报销|赔)"
    ),
    "idiom": (
        r"火(?:到|得)?爆(?:炸)?|火锅|生意[^。]{0,4}火|爆(?:单|满|款)|笑(?:死|到|炸)"
        r"|累(?:死|晕|瘫)|热(?:死|炸)|气(?:死|炸)|饿(?:死|晕)|困死|美炸|烧烤|烧钱|发烧友"
        r"|炸(?:鸡|串|街|酱|了锅)|卖|转让|出租|招"
    ),
}
"""What takes a danger back: it is practised, told, past, over, feared or meant otherwise."""

GRAVE = ("despair", "senses", "blood", "water", "current", "home")
"""Dangers whose words alone nearly settle it: missing one is worse than twenty false calls."""

_DANGERS, _ALL = Spotter(DANGERS), Spotter({**DANGERS, **SCOPES, **SIGNS})


def spotted(text: str, signs: Set[str] | None = None) -> set[str]:
    """The names in DANGERS, SCOPES and SIGNS of what stands in a text; signs: its `signs_of`."""
    return _ALL.found(text, signs)


def alarmed(text: str, signs: Set[str] | None = None) -> bool:
    """True if the text holds a word of danger; signs: its `signs_of`."""
    return bool(_DANGERS.each(text, signs))


def alarm(text: str) -> str:
    """The first word of danger in the text, "" if none."""
    return _first(DANGERS, text)


def retreat(text: str) -> str:
    """The first word that takes a danger back, "" if none."""
    return _first(SCOPES, text)


def _first(rules: Mapping[str, str], text: str) -> str:
    found = re.search("|".join(rules.values()), text)
    return found[0] if found else ""


def suspected(seen: Set[str]) -> bool:
    """True if there is a word of danger or a weaker sign of one in what is `spotted`."""
    return bool(seen - SCOPES.keys())


def taken_back(seen: Set[str]) -> bool:
    """True if a drill, a story, the past, an end or a possibility is `spotted`."""
    return not SCOPES.keys().isdisjoint(seen)


class Lines(NamedTuple):
    """Margins from which on the answer is yes: without any word of danger, with one, with a
    grave one, with one that is taken back."""

    sure: float
    warned: float
    grave: float
    doubtful: float


def decide(seen: Set[str], kind: str, score: float, lines: Lines) -> bool:
    """True for class E now. seen: what is `spotted`; score: the model's margin.

    Commands and orders never are."""
    if kind in ("command", "order"):
        return False
    if score < min(lines):
        return False
    if DANGERS.keys().isdisjoint(seen):
        return score >= lines.sure
    if taken_back(seen):
        return score >= lines.doubtful
    return score >= (lines.warned if seen.isdisjoint(GRAVE) else lines.grave)
