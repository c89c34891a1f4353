"""Pages of claims for staff, by desk task. Each module registers its own pages when imported."""

from claims.admin import api_token, day_list, desk_pages, facilities, records, review, statement

__all__ = ["api_token", "day_list", "desk_pages", "facilities", "records", "review", "statement"]
