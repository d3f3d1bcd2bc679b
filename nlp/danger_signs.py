"""Signs of danger to people: what may be an emergency, by family; how much each counts is learned.

Words that nearly settle it alone, and what takes them back, are in urgency.py."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

LEXICON = Path(__file__).parent / "lexicon" / "danger_signs.toml"
_LISTS = tomllib.loads(LEXICON.read_text(encoding="utf-8"))
SIGNS = {family: "|".join(forms.split()) for family, forms in _LISTS.items()}
"""Family → the regular expression of its forms."""
_RULES = tuple(re.compile(rule) for rule in SIGNS.values())
_ANY = re.compile("|".join(SIGNS.values()))
_NONE = (0.0,) * len(_RULES)


def found(text: str) -> tuple[float, ...]:
    """A figure a family, in the order of SIGNS: 1 where one of its forms stands in the text."""
    if _ANY.search(text) is None:
        return _NONE
    return tuple(float(rule.search(text) is not None) for rule in _RULES)
