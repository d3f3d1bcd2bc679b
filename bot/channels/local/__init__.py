"""The simulated residents' group: a browser page, a terminal and the tests talk through it.

What a message means is not decided here, and nothing is kept beyond a short history in memory."""

from bot.channels.local.channel import LocalChannel
from bot.channels.local.room import Person, Post

__all__ = ["LocalChannel", "Person", "Post"]
