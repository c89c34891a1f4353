"""Pages of claims for staff, by desk task. Each module registers its own pages when imported."""

from claims.admin import (
    api_token,
    crossing_cases,
    crossings,
    day_list,
    desk_pages,
    facilities,
    pool_report,
    readers,
    records,
    review,
    statement,
)

__all__ = [
    "api_token",
    "crossing_cases",
    "crossings",
    "day_list",
    "desk_pages",
    "facilities",
    "pool_report",
    "readers",
    "records",
    "review",
    "statement",
]
