"""Pages of enrollment for staff. Each module registers its own pages when imported."""

from enrollment.admin import persons, reading, spells

__all__ = ["persons", "reading", "spells"]
