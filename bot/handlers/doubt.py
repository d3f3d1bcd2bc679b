"""What nobody else took and the bot was not sure about: another model may look, if switched on.

Nothing is decided here; what comes back is only a proposal to the leader."""

from __future__ import annotations

from bot.context import Context
from bot.dispatcher import PASS, Router
from bot.hints import doubtful, plan_opinion

router = Router("doubt")


@router.on(doubtful)
async def ask_another(ctx: Context) -> str:
    """（默认关闭）拿不准的话隐去个人信息后请另一个模型看一眼，只给网格长提建议。"""
    plan_opinion(ctx)
    return PASS
