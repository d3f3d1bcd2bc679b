"""The words of the commands: what people type for each verb, and what they say that is none.

How a message is taken apart with them is commands.py."""

from __future__ import annotations

import re
from enum import StrEnum


class Verb(StrEnum):
    """One intention; the value is the word that help texts use for it."""

    CONFIRM = "确认"
    REJECT = "驳回"
    RECLASSIFY = "改类"
    DISPATCH = "派单"
    RESOLVE = "办结"
    PROGRESS = "进展"
    EXTEND = "延期"
    SUSPEND = "挂账"
    RESUME = "恢复"
    MERGE = "并入"
    TRANSFER = "转"
    TAKE = "我来"
    RETURN = "退单"
    EXCEPT = "销号"
    OPEN = "建单"
    UNDO = "撤销"
    URGE = "催办"
    TODO = "待办"
    MODE = "模式"
    STATUS = "进度"
    WITHDRAW = "撤回"
    SATISFIED = "满意"
    PARTLY = "一般"
    DISSATISFIED = "不满意"
    BROKEN = "没修好"
    HELP = "帮助"
    WHISTLE = "吹哨"
    HAND_UP = "上报"
    SUPERVISE = "督办"
    WHY = "为什么"


STRONG: dict[Verb, str] = {
    Verb.CONFIRM: "确认|立案|受理",
    Verb.REJECT: "驳回|不予受理|不受理",
    Verb.RECLASSIFY: "改类(?:别|型)?(?:为|成|到)?|改分类(?:为|成|到)?",
    Verb.DISPATCH: "派单给|派单|派给|派遣给?|转派给?",
    Verb.RESOLVE: "(?:已经?)?(?:办结|结案)了?",
    Verb.PROGRESS: "进展",
    Verb.EXTEND: "延期",
    Verb.SUSPEND: "挂账|挂起",
    Verb.RESUME: "恢复办理|恢复",
    Verb.MERGE: "并入|并到|合并到|合并入|并案到|并案|合并",
    Verb.RETURN: "退单|退件|退回",
    Verb.EXCEPT: "特殊销号|销号",
    Verb.OPEN: "建单|立单",
    Verb.UNDO: "撤销(?:并案|合并|驳回|改类|办结)?|取消并案|拆开",
    Verb.URGE: "催办",
    Verb.WHISTLE: "吹哨",
    Verb.HAND_UP: "上报",
    Verb.SUPERVISE: "督办",
    Verb.WHY: "为什么|为啥",
    Verb.MODE: "模式",
    Verb.STATUS: "(?:查(?:询|看|一下|下)?|看(?:一下|下)?)?进度|进展(?=如何|怎么?样|到哪)",
    Verb.WITHDRAW: "撤回",
    Verb.DISSATISFIED: "(?:很|非常|十分|特别|不?太|不是很|不怎么|不大)?不满意"
    "|不(?:太|大|是很|怎么)满意",
    Verb.PARTLY: "一般般?|(?:基本|还算)满意",
    Verb.SATISFIED: "(?:全部|全都|都很|很|非常|十分|挺|比较|特别|相当|都|太)?满意",
}
FIRST = (Verb.STATUS, Verb.DISSATISFIED)
"""Tried before the others: their words begin with a word of another command."""

GLUED_ONLY: dict[Verb, str] = {
    Verb.CONFIRM: r"[了啦哈啊呀的]*$|属实|无误|情况|收到|是[的，, ]|马上|已经?安排|谢|这单|该单",
    Verb.STATUS: r"[呢吧啊呀?]*$|查询|怎么?样|如何|到哪|这单|该单",
    Verb.SATISFIED: r"[了啦吧的呀啊哦哈👍👌💯🙏🌹😊]*$|满意|谢|感谢|多谢|辛苦|点赞",
    Verb.PARTLY: r"[了啦吧的呀啊哦哈]*$",
    Verb.WITHDRAW: r"[吧了啦哈]*$|这单|该单|这条|该条",
    Verb.RESUME: r"$|这单|该单",
    Verb.UNDO: r"[吧了]*$|这单|该单|立案",
    Verb.MODE: r"$|自动|提示|静默",
    Verb.EXTEND: r"到|至|\d|半|[零〇一二两三四五六七八九十百几]",
    Verb.MERGE: r"$",
    Verb.EXCEPT: r"[了]?$|已|经|核实|电话|现场|上门|反映人|居民",
    Verb.OPEN: r"$|登记|报修|：",
}
"""What may follow these words without a gap; anything else is a sentence about something."""

GLUED_NEVER: dict[Verb, str] = {
    Verb.REJECT: "的|起诉|上诉|吗|了[吗没]",
    Verb.DISPATCH: "工|公司|员|制|的|率|了|量|平台|系统|吗|没",
    Verb.RESOLVE: "率|的|吗|没|时间|时限|通知|量|情况|证明",
    Verb.PROGRESS: "太|很慢|缓慢|神速|不错|吗|呢|的|情况",
    Verb.SUSPEND: "在|户|的|了|单位|消费|款|费|金额|吗|没|[个这那]|来|灯|国旗|牌",
    Verb.RETURN: "了|的|率|费|款|去|来|押|钱|吗|没|地址|给",
    Verb.URGE: "组|的|案|员|吗|没|了|函|检查",
    Verb.WHISTLE: "子|人|的|者|声|机制|报到|比赛|了",
    Verb.HAND_UP: "的|了|给|材料|情况|名单|数据|表|社区|疫|吗|没",
    Verb.SUPERVISE: "组|的|案|员|吗|没|了|函|检查",
    Verb.DISSATISFIED: "度|吗|的话|可以|就|请|怎么办|时|率|的(?:人|请|可)",
}
NEEDS_NUMBER_OR_GAP = frozenset(
    {"退回", "退件", "挂起", "派遣", "督办", "上报", "吹哨", "合并", "并案", "结案"}
)
FREE_TEXT = frozenset(
    {
        Verb.REJECT, Verb.RESOLVE, Verb.PROGRESS, Verb.RETURN, Verb.SUSPEND, Verb.DISSATISFIED,
        Verb.EXCEPT,
    }
)  # fmt: skip
"""Commands whose argument is a free sentence, a question too."""

_YES = "是的?|对的?|嗯+|收到|好(?!了|评)的?|可以(?!了)|同意|ok|👌|👍|✅"
_THANKS = "谢谢|感谢|多谢|辛苦"
_FIXED = "(?:修|弄|办|做|装|清理|处理|换)好了|(?:办|做|弄|修|处理)完了|解决了|搞定了|好了"
_MINE = (
    "(?:我们?家?(?:的|报的|反映的|说的)?)?(?:那个|那件|这个|这件|上次的?)?"
    "(?:单子?|事情?|问题|报修|灯|水管|电梯)?"
)
_DOING = "(?:处理|办理?|修理?|弄|搞)?"
WEAK: dict[Verb, str] = {
    Verb.CONFIRM: rf"(?:1|{_YES})(?:[,，。.!！~\s]*(?:{_YES}))*",
    Verb.REJECT: "不是(?!吧)|误报|不算",
    Verb.TAKE: "我来(?:处理|办|弄|看看)?|我去(?:处理|办|看看|看一下|现场看?看?)|我接了?"
    "|签收|接单|报到|到了现场|到现场了|已到现场",
    Verb.SATISFIED: rf"(?:{_FIXED}|可以了)[,，。.!！~\s]*(?:{_THANKS})"
    rf"(?:{_THANKS}|您|你|大家|师傅|了)*"
    "|挺好的?|好评|(?:很|挺)?清楚了?",
    Verb.RESOLVE: rf"{_FIXED}|搞定|完成了?|已处理|已解决|通了",
    Verb.TODO: r"待办|我的单子?(?=[\s?!！。~]*$)|未办",
    Verb.PARTLY: "基本解决|还行吧?|凑合|马马虎虎|差不多吧",
    Verb.URGE: "(?:帮忙|麻烦|请|再|帮我)?催(?:一?下|一催|催)(?:吧|呗)?",
    Verb.DISSATISFIED: "差评|(?:还是|还)?不(?:太)?清楚|没看懂|看不懂",
    Verb.WITHDRAW: "撤单|不用(?:修|来|处理|管|弄)了|(?:算了)?[,， ]?不用了",
    Verb.STATUS: rf"{_MINE}(?:现在|目前)?{_DOING}[得的]?(?:怎么?样|咋样|如何)了"
    rf"|{_MINE}{_DOING}到哪(?:一?步)?了|啥进度|什么进度"
    rf"|{_MINE}(?:什么时候|啥时候|几时)(?:能|来|会|给)?{_DOING}[好完]?(?:[了啊呀呢?]|$)",
    Verb.HELP: "帮助|怎么用|使用说明|help|[?？]",
}

MENDED_ITSELF = re.compile(
    r"(?:可以|好|来[水电气]|通|亮|解决|自己[^，。]{1,6}|(?:修|弄|搞)好)了[,，。!！~\s]*(?:就|也)?"
    r"(?:不用|不必|别|不需要|不(?=麻烦))再?(?:来|修|处理|管|弄|麻烦)[^，。,\s]{0,4}?了?[,，。!！~\s]*"
    r"(?:(?:谢谢|多谢|感谢|辛苦)[^，。]{0,6})?$"
)
"""The end of a message by which its reporter takes back what has mended itself."""

_NOT_YET = r"(?:没|沒|未|冇)(?:有)?(?:给)?"
BROKEN = re.compile(
    rf"{_NOT_YET}(?:修|弄|搞|整|处理|解决)(?:好|完|利索|妥|利落|干净|成)"
    rf"|{_NOT_YET}(?:修|处理|解决)(?=$|[,，。.!！~、\s啊呀呢])"
    r"|^(?:还是?|都|根本|压根|也)*没(?:有)?好(?:[呢啊呀哦吧]|$)"
    r"|(?<!又.)又(?:坏|停(?!车|在)|堵(?!车)|漏|灭|黑|不亮|不行|反复|返水|犯|这样|黄)(?!.{0,2}又)"
    r"|(?:还是|依然|仍然|照样|还)(?:坏|不亮|漏|堵|黄|没水|没电(?![话梯视动])|不行|老样子|一样|臭"
    r"|黑|不好(?![意说办受吃玩])|不能用)"
)
