"""Advice for emergencies: what to do first, and whom to call.

The numbers are those valid where the ticket is; who is called by the bot is decided elsewhere."""

from __future__ import annotations


def advice(code: str, phones: dict[str, str]) -> str:
    """What to do at once in an emergency of this category, with the right number."""
    return _ADVICE.get(code, _ADVICE.get(code[:2], _ADVICE[""])).format(**phones)


_ADVICE = {
    "": "请先离开危险的地方，保证人身安全，需要时马上拨打 {police}（救护 {ambulance}）。",
    "0303": "请马上离开现场，不要动火、不要开关电器，到室外再打电话：燃气抢修 {gas}，火警 {fire}。",
    "0302": "请远离带电的地方，不要用手碰；有人触电先断电，马上拨打 {ambulance}，火警 {fire}。",
    "0206": "请远离垂落的电线，不要用手碰；有人触电马上拨打 {ambulance}。",
    "0404": "电梯里的人请按呼叫按钮，不要扒门；有人不舒服马上拨打 {ambulance}，救援拨打 {fire}。",
    "0801": "请马上离开，走楼梯不坐电梯，火警拨打 {fire}。",
    "0803": "请马上离开并断电，火警拨打 {fire}。",
    "0806": "有人受伤请马上拨打 {ambulance}，被困救援拨打 {fire}，先不要随意搬动伤者。",
    "0805": "请远离危险区域，落水被困拨打 {fire} 和 {police}。",
    "0902": "请先到安全的地方，马上拨打 {police}。",
    "1301": "请继续敲门并拨打 {ambulance}，需要开门请拨打 {police}。",
    "1302": "请陪着他，不要让他一个人，马上拨打 {police} 或 {ambulance}；心理援助热线 12356。",
    "1303": "请马上拨打 {police}，说清楚衣着和最后看到的地方。",
    "1403": "请马上拨打 {ambulance}，社区正在联系协助。",
    "15": "请先避开，保证安全，马上拨打 {police}。",
    "1503": "请不要转账、不要点链接、不要告诉对方验证码；"
    "已经转了钱马上拨打 {police}，也可以打反诈专线 96110。",
    "17": "请先避开，被咬伤用肥皂水冲洗并尽快就医，危险时拨打 {police}。",
}
