"""What residents call a result in plain words: 行吧, 亮了, 没人来啊, 骗人的吧 根本没修.

Words only; whether somebody is asked for a verdict, and on what, is decided elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from routing.states import Verdict


@dataclass(frozen=True, slots=True)
class Opinion:
    """verdict: what the words amount to. codes: beginnings of the 小类 codes that they can be
    about, () for any. bare: one common word, said in a group about anything.
    whole: nothing else is said."""

    verdict: Verdict
    codes: tuple[str, ...] = ()
    bare: bool = False
    whole: bool = True


LONGEST = 40
_MOST_REST = 12
_BREAK = re.compile(r"[,，。.!！~～、;；:：…\s]+")
_SIGNS = re.compile(r"[^\w?？]+|\[[^\]]{1,4}\]")
_TAIL = "(?:了|的|啦|咯|哈|呀|啊|呢|吧|嘛|哦|噢|呗)*"

_THANKS = re.compile(
    r"(?:谢|感谢|多谢|辛苦|麻烦)(?:谢|啦|了|您|你|大家|各位|们|网格长|物业|师傅|小哥|小格|供\w|小\w)*"
    rf"|(?:嗯+|哦+|好(?!了)|哈+|给力|点?赞|真快|效率真?高|放心|看到了?|看了|去看了){_TAIL}"
)
_WHEN = (
    "(?:这回|这次|现在|今天|刚才|刚刚|今早|晚上|总算|终于|确实|果然|真的?|是|看到了?|已经|都|全|全部|也|算是?"
    "|基本|应该|又|车|灯|路灯|水|电|网|暖气|屋里|家里|厨房|楼道|门口|我们?家(?:里|这边)?|我们?这边?)*"
)
_GOOD = re.compile(
    rf"{_WHEN}(?:(?:修|弄|办|搞|装|换|处理)?好(?:使|用|多)?了|能用了|正常了|恢复了|解决了|搞定了"
    rf"|没(?:问题|事)了|不错|(?:挺|很|蛮|真)好|可以了?|行了?){_TAIL}"
)
_COMMON = re.compile(rf"(?:好了|可以了?|行了?|不错|没事了|挺好|很好|真好){_TAIL}")
_FITTING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("亮了|亮堂了", ("0203", "0403", "0402")),
    ("热(?:乎|起来)?了|暖和了|升温了|2\\d度了?", ("0304",)),
    ("(?:来|有|出)水了|水?清了|水(?:来|大)了|不(?:黄|浑)了", ("0301",)),
    ("(?:来|有)电了|电来了", ("0302",)),
    ("(?:能上|有|来)网了|网好了", ("0305",)),
    ("干净(?:多)?了|(?:清|收|拉|搬|扫)(?:走|掉|干净|完)了|不臭了|没(?:有)?味(?:道|儿)?了",
     ("01", "0407", "0606", "0604", "17")),
    ("不(?:漏|滴)(?:水)?了|没(?:有)?再?漏了?", ("0501", "0402", "0301", "0306")),
    ("(?:疏)?通了|不堵了|(?:没|不)(?:有)?返水了", ("0306", "0204", "0305")),
    ("不(?:吵|响)了|安静(?:多)?了|消停了|没声(?:音|儿)?了", ("06", "0404")),
    ("(?:挪|开|拖)走了", ("07",)),
    ("(?:修|填|补)(?:平|好)了", ("02", "0402")),
)  # fmt: skip
_FIT = tuple(
    (re.compile(rf"{_WHEN}(?:(?:{words}){_TAIL}){{1,2}}"), codes) for words, codes in _FITTING
)
_HALF = re.compile(
    r"(?:(?:行吧|凑合(?:着用)?|还行|马马虎虎|将就|(?:这|也)?还差不多|(?:这回|这次)?还?(?:算)?可以吧"
    r"|(?:这回|这次)还?可以|勉强(?:可以)?|就那样|好是好了|好(?:了)?一?点了"
    r"|就是(?:太|有点儿?|有些)?(?:慢|晚|磨蹭|拖)(?:了|点|些|得很|太久)*)"
    rf"{_TAIL})+"
)
_NOTHING = "(?:根本|压根|完全|一点(?:都|也)?|还是|到现在|还|都|也|就)*没(?:有)?"
_BAD = re.compile(
    rf"{_NOTHING}(?:见|看到|看见)?(?:有)?人(?:来|修|管|弄|理|处理|收|清|动|上门)(?:过|看|修|弄)?{_TAIL}"
    rf"|(?:根本|压根|完全|一点(?:都|也)?|到现在)+(?:还|都|也|就)?没(?:有)?"
    rf"(?:修|收|来|弄|清|动|好|变|换|处理|解决|通|亮|热|扫|管)(?:过|好|化|人)*{_TAIL}"
    r"|骗(?:人|鬼|谁)(?:的)?(?:吧|呢|啊|呀)*|(?:糊弄|忽悠|敷衍)(?:人|谁|鬼|我们|老百姓|了事)?(?:吧|呢|啊)*"
    r"|(?:这|就这)也?叫(?:修|通|办|清|处理|弄|搞|解|换|装)\w{0,4}[?？]?"
    rf"|(?:一点)?(?:没用|不管用|不顶用|没效果){_TAIL}|白(?:修|弄|搞)了{_TAIL}|跟没(?:修|弄|清|来)(?:一样|似的)?"
    rf"|(?:水|灯|味|声音|噪音|屋里|家里|还|又|照样)*(?:还在|又|照样)(?:滴|漏|响|冒|堵|臭|吵|堆|闪|晃|凉|冷|摆)"
    rf"(?:水|着|出来|上|满)*{_TAIL}"
    rf"|(?:还|又)开始{_TAIL}"
)


def opinion(text: str) -> Opinion | None:
    """What a short message says about a result; None where it says nothing about one.

    The worst that is said counts; words of content next to anything else count for nothing."""
    if len(text) > LONGEST:
        return None
    clauses = [c for part in _BREAK.split(text) if (c := _SIGNS.sub("", part))]
    said = [_clause(clause) for clause in clauses]
    heard = [one for one in said if one is not None]
    rest = [c for c, one in zip(clauses, said, strict=True) if one is None and not _thanks(c)]
    if any(one.verdict is Verdict.DISSATISFIED for one in heard):
        few = sum(map(len, rest)) <= _MOST_REST
        return Opinion(Verdict.DISSATISFIED, whole=not rest) if few else None
    if rest or not heard:
        return None
    half = any(one.verdict is Verdict.PARTLY for one in heard)
    codes = next((one.codes for one in heard if one.codes), ())
    bare = len(clauses) == 1 and heard[0].bare
    return Opinion(Verdict.PARTLY if half else Verdict.SATISFIED, codes, bare)


def _thanks(clause: str) -> bool:
    return _THANKS.fullmatch(clause) is not None


def _clause(clause: str) -> Opinion | None:
    if _BAD.fullmatch(clause):
        return Opinion(Verdict.DISSATISFIED)
    if _HALF.fullmatch(clause):
        return Opinion(Verdict.PARTLY)
    for pattern, codes in _FIT:
        if pattern.fullmatch(clause):
            return Opinion(Verdict.SATISFIED, codes)
    if _thanks(clause) or not _GOOD.fullmatch(clause):
        return None
    return Opinion(Verdict.SATISFIED, bare=_COMMON.fullmatch(clause) is not None)
