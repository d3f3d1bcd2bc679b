"""How much of a day's budget is spent, counted in the database for all processes together.

What a budget is for, and how large it is, is said in bot/."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, update

from storage.engine import Link
from storage.statement import Statement, insert_new, word
from storage.tables_people import counter

_OPEN = insert_new(counter, ("name", "value"), ("name",))
_SPEND = Statement(
    update(counter)
    .where(counter.c.name == bindparam("who"), counter.c.value < bindparam("most"))
    .values(value=counter.c.value + word(1))
    .returning(counter.c.value),
    "who", "most",
)  # fmt: skip
_FORGET = Statement(
    delete(counter).where(
        counter.c.name.like(bindparam("pattern")), counter.c.name != bindparam("today")
    ),
    "pattern", "today",
)  # fmt: skip


class Budget:
    """The budgets of one transaction; spending is not staged but done at once."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def spend(self, what: str, day: str, most: int) -> bool:
        """Take one of `most` for this day; False if none is left. Earlier days are forgotten."""
        name = f"{what}:{day}"
        if await self._link.many(_OPEN, [(name, 0)]):
            await self._link.rows(_FORGET, f"{what}:%", name)
        return bool(await self._link.rows(_SPEND, name, most))
