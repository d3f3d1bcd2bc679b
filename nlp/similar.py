"""Whether two reports are one matter, and which open ticket a new report may belong to.

What is done with the answer - merging, proposing, linking - is decided outside nlp/."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from heapq import nlargest

from nlp.same_matter import Report, Traits, score, traits

__all__ = ["HIGH", "LOW", "OpenIndex", "Report", "recurrence", "similarity"]

HIGH = 0.95
"""From here two reports are one matter without asking; only named, agreeing places get here."""

LOW = 0.5
"""From here the leader is asked whether they are."""

_NEWEST = 24
_RAREST = 12
_LONGEST_LIST = 400
_MOST_ALIKE = 24


def similarity(a: Report, b: Report) -> float:
    """The probability in 0..1 that two reports are the same matter; 0 in different grids.

    Compare with HIGH and LOW."""
    return score(traits(a), traits(b)) if a.grid == b.grid else 0.0


def recurrence(a: Report, b: Report) -> float:
    """The same without regard to when: whether one is the other come back."""
    return score(traits(a), traits(b), timeless=True) if a.grid == b.grid else 0.0


class OpenIndex:
    """The open tickets by grid, then by 小类 with place, 大类 and words; ids are the reports'.

    Nothing is read or stored elsewhere; who opens and closes tickets adds and removes them."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, Traits]] = {}
        self._lists: defaultdict[tuple[str, str], dict[int, None]] = defaultdict(dict)

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, ticket: object) -> bool:
        return ticket in self._known

    def add(self, report: Report) -> None:
        """Enter an open ticket under its id; an id already known is entered anew."""
        self.remove(report.id)
        known = traits(report)
        self._known[report.id] = (report.grid, known)
        for key in _keys(known):
            self._lists[report.grid, key][report.id] = None

    def remove(self, ticket: int) -> None:
        """Forget a ticket; unknown ids are no error."""
        if ticket not in self._known:
            return
        grid, known = self._known.pop(ticket)
        for key in _keys(known):
            ids = self._lists[grid, key]
            del ids[ticket]
            if not ids:
                del self._lists[grid, key]

    def find(self, query: Report, k: int = 3) -> list[tuple[float, int]]:
        """The k likeliest tickets of the grid with their scores, best first, newest id on a tie.

        The query itself is never among them."""
        asked = traits(query)
        found = self._candidates(query.grid, asked)
        found.discard(query.id)
        return nlargest(k, ((score(asked, self._known[i][1]), i) for i in found))

    def _candidates(self, grid: str, asked: Traits) -> set[int]:
        found: set[int] = set()
        for key in _exact_keys(asked):
            ids = self._lists.get((grid, key), {})
            found.update(i for i, _ in zip(reversed(ids), range(_NEWEST), strict=False))
        found.update(i for i, _ in self._alike(grid, asked).most_common(_MOST_ALIKE))
        return found

    def _alike(self, grid: str, asked: Traits) -> Counter[int]:
        """Tickets of the same 大类 that share rare pairs of letters, and how many."""
        lists = (self._lists.get((grid, key), {}) for key in _pair_keys(asked))
        short = sorted((ids for ids in lists if ids), key=len)[:_RAREST]
        votes: Counter[int] = Counter()
        for ids in short:
            if len(ids) <= _LONGEST_LIST:
                votes.update(ids.keys())
        return votes


def _keys(known: Traits) -> Iterator[str]:
    return iter({*_exact_keys(known), *_pair_keys(known)})


def _exact_keys(known: Traits) -> Iterator[str]:
    """小类 with every place, and 小类 alone where no place is told (or to be told later)."""
    for code in known.codes:
        yield code
        for spot in known.spots:
            yield f"{code}@{spot.building or spot.name}"
        if not known.spots:
            yield f"{code}@"


def _pair_keys(known: Traits) -> Iterator[str]:
    major = known.code[:2]
    return (f"{major}:{pair}" for pair in known.pairs)
