"""The words by which a resident joins a matter, asks after it, or says that it is not mended.

What is done about them is decided in handlers/."""

from __future__ import annotations

import re

_WE = (
    r"(?:我|俺|咱|阿拉|伢|侬)?(?:们|家|屋里|这里|这边|这儿|这|那边|这栋|本栋|单元|整栋|楼上|楼下|隔壁"
    r"|[\d一二三四五六七八九十]{1,4}(?:号楼|栋|幢|室|楼)?)*"
)
_SAME = (
    r"(?:是|一样|有|没有?|停|这样|遇到|碰到)(?:了|的|啊|呢|过|水|电|气|网|亮|这种?情况|这个?问题)*"
)
ASKS_HOW_FAR = re.compile(
    r"(?:到(?:哪|什么|啥)(?:一?步|程度|地步)?了|(?:办|处理|修|弄|查)到(?:哪|什么|啥)"
    r"|(?:怎么?样|咋样|如何)了|(?:有|还)没有?(?:个)?(?:进展|消息|结果|下文|答复|回音|说法)"
    r"|有(?:什么|啥|个|点)?(?:进展|消息|结果|下文|答复|回音|说法)(?:了?吗|了?没|[?？])"
    r"|(?:处理|解决|办|修|弄)(?:好|完)?了?(?:吗|没有?)(?:[?？。\s]|$)|(?:啥|什么)(?:进度|情况)了?)"
    r"[吗嘛呢呀啊?？。!！~\s]*"
)
"""A question after what was reported; only to the bot it is surely meant as one."""
STILL_BAD = re.compile(
    r"(?:还是|仍然?|依然|依旧|照[样旧]|还)\S{0,6}(?:不|没|漏|堵|臭|黑|坏|脏|吵|差|味|[这那]样|一样|原样)"
    r"|一点(?:都|也|儿)*(?:没|不|未)|(?:没|未)(?:见|有|什么|啥|任何|半点)*(?:变化?|效果|改善|起色|动静)"
    r"|(?:味道?|水|灯|垃圾|问题|老样子)还(?:在|有|是)|根本(?:就)?(?:没|不)|(?:没|无)人(?:来|管|修)|白修|假的|骗人"
)
"""That nothing has become better; of a result that waits for the speaker's verdict a no."""
_AT_ONCE = "(?:大家|谁|你|您|先|快|赶紧|赶快|马上|立刻|那|就|得|要|帮忙|去|点|些|还不|[!！,，\\s])*"
CALLS_HELP = re.compile(
    rf"{_AT_ONCE}(?:打|拨|报|叫|喊|呼)(?:个|一下)?(?:电话)?"
    r"(?:1[12]\d|警(?:察)?|急救|救护车|消防(?:队|车)?|火警|人)(?:电话)?[啊呀吧撒嘛呗哦了!！。~\s]*"
)
"""快打120: what a neighbour says to whoever has just told of an emergency."""
REFERS = re.compile(r"(?:就?是)?(?:那|这)(?:个|条|只|家|辆|件|群|帮|事|些|种|人|狗|车|树|户)")
"""A sentence that begins with what another has named: 那条狗见人就追."""
ADVISES = re.compile(
    r"^(?:是不是|会不会|应该|可能|估计|怕是|八成|听说)|(?:可以|能|要|得)[^我]{1,8}的[呀啊哦]?$"
    r"|就(?:可以|行|能|好)[^我]{0,4}$|[打拨]\s*\d{5}"
)
"""A guess at why, or how to go about it: an answer to a neighbour's question."""
ME_TOO = re.compile(
    r"\s*(?:[+＋]\s*[1１]|加\s*1|同问|同求|同上|附议|顶一?下?)[\s!！。~，,]*(?:[#＃]\d{1,6}\s*)?$"
    r"|\s*[+＋]\s*[1１][\s,，!！]+[^\W\d份箱斤盒件个袋包瓶]{2,12}[\s!！。~]*$"
    rf"|\s*(?=\S*(?:[我俺咱们家这楼栋幢元侬伢室]|\d)\S*?(?:也|都|同样)){_WE}(?:也|都|同样){_SAME}"
    r"\s*(?:[#＃]\d{1,6}\s*)?(?:$|[\s,，。!！~;；、都已好])"
)
