"""The error tree, ordered by what the caller can do about it.

Texts for residents live in texts.py; these messages are for whoever runs the bot."""

MAY_HAVE_ARRIVED = "it may have arrived"
"""In the message of a refusal after which nobody knows whether people see the post."""


class GridbotError(Exception):
    """Everything we raise on purpose."""


class SettingsError(GridbotError):
    """The configuration is wrong; `problems` names every fault at once."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Stopping(GridbotError):
    """The process is being stopped and takes no more messages; the platform should send again."""


class NotTried(GridbotError):
    """Something could not be tried out; the message says what to do first."""


class SendError(GridbotError):
    """A post did not go out."""


class TryLater(SendError):
    """The platform asked to wait, or could not be reached; `after_s` seconds from now."""

    def __init__(self, after_s: float, why: str = "") -> None:
        self.after_s = after_s
        super().__init__(why or f"retry after {after_s} s")


class NotYet(TryLater):
    """Nothing was tried, as the minute's share is used up: it does not count as a failure."""


class Rejected(SendError):
    """The platform refused this post for good; a repeat would be refused too."""


class NeedsHuman(SendError):
    """The platform lets only a person say this; it waits for one."""


class NotConfigured(SendError):
    """The channel lacks a setting or a right; the message says which."""
