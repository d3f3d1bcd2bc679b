"""What people of a fake platform have been shown, and waiting for the next thing they see.

Every fake keeps its posts here; what a post is, each fake decides."""

from __future__ import annotations

import asyncio
from typing import Generic, Protocol, TypeVar


class Seen(Protocol):
    """The part of a post that a test looks for."""

    @property
    def where(self) -> str: ...

    @property
    def text(self) -> str: ...


P = TypeVar("P", bound=Seen)


class Board(Generic[P]):
    """`posts` in the order they came; each is handed to one `expect` only."""

    def __init__(self) -> None:
        self.posts: list[P] = []
        self._taken: set[int] = set()
        self._changed = asyncio.Condition()

    async def put(self, post: P) -> None:
        """People see a post now."""
        async with self._changed:
            self.posts.append(post)
            self._changed.notify_all()

    async def expect(self, where: str, *parts: str, timeout_s: float = 20) -> P:
        """The next post at a place that holds every part; says what there was when none comes."""
        found: list[int] = []

        def arrived() -> bool:
            found[:] = [
                n for n, post in enumerate(self.posts) if self._matches(n, post, where, parts)
            ]
            return bool(found)

        try:
            async with asyncio.timeout(timeout_s), self._changed:
                await self._changed.wait_for(arrived)
        except TimeoutError:
            seen = "\n".join(f"  [{post.where}] {post.text}" for post in self.posts)
            raise AssertionError(f"no post with {parts} at {where}; posts:\n{seen}") from None
        self._taken.add(found[0])
        return self.posts[found[0]]

    def _matches(self, number: int, post: P, where: str, parts: tuple[str, ...]) -> bool:
        untaken = number not in self._taken and post.where == where
        return untaken and all(part in post.text for part in parts)

    def said(self, where: str) -> list[str]:
        """Everything posted at a place."""
        return [post.text for post in self.posts if post.where == where]
