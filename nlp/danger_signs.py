"""Signs of danger to people: what may be an emergency, by family; how much each counts is learned.

Words that nearly settle it alone, and what takes them back, are in urgency.py."""

from __future__ import annotations

import tomllib
from pathlib import Path

LEXICON = Path(__file__).parent / "lexicon" / "danger_signs.toml"
_LISTS = tomllib.loads(LEXICON.read_text(encoding="utf-8"))
SIGNS = {family: "|".join(forms.split()) for family, forms in _LISTS.items()}
"""Family → the regular expression of its forms."""
