"""Count what a facility looks up through the interface, hour by hour."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connections, transaction

from claims.models import ApiUseKind, Facility
from config import calendar
from config.audit.services import ASIDE
from config.errors import Refused
from config.offices import scope

_COUNT = (
    "INSERT INTO claims_apiuse AS used (office_id, facility_id, kind, hour_at, use_count)"
    " VALUES (%s, %s, %s, %s, 1)"
    " ON CONFLICT (office_id, facility_id, kind) DO UPDATE SET"
    " use_count = CASE WHEN used.hour_at = EXCLUDED.hour_at THEN used.use_count + 1 ELSE 1 END,"
    " hour_at = EXCLUDED.hour_at"
    " RETURNING use_count"
)


def api_use_count(facility: Facility, kind: ApiUseKind) -> int:
    """Count one look-up of a facility at the office acted for.

    Counted on the connection beside the request, so that a request that is refused or finds
    nobody counts as well.

    Returns:
        How many there were in this hour, this one included.

    Raises:
        Refused: `claims.api.too_many` with `limit` and `retry_after_s`.
    """
    now = calendar.now()
    hour_at = now.replace(minute=0, second=0, microsecond=0)
    counted = [scope.current().office_id, facility.pk, kind.value, hour_at]
    with transaction.atomic(using=ASIDE), connections[ASIDE].cursor() as cursor:
        cursor.execute(_COUNT, counted)
        used = int(cursor.fetchone()[0])
    limit = settings.API_USES_PER_HOUR[kind.value]
    if used > limit:
        rest = hour_at + timedelta(hours=1) - now
        raise Refused(
            "claims.api.too_many", limit=limit, retry_after_s=int(rest.total_seconds()) + 1
        )
    return used
