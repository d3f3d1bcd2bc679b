"""Every sentence a person reads from the bot, in plain polite Chinese, one module a reader.

No decision is taken here: what is said when, and to whom, is decided by the callers."""

from bot.texts.advice import *  # noqa: F403
from bot.texts.group import *  # noqa: F403
from bot.texts.joint import *  # noqa: F403
from bot.texts.learning import *  # noqa: F403
from bot.texts.line import *  # noqa: F403
from bot.texts.putting_off import *  # noqa: F403
from bot.texts.refusal import *  # noqa: F403
from bot.texts.resident import *  # noqa: F403
from bot.texts.sending import *  # noqa: F403
from bot.texts.staff import *  # noqa: F403
