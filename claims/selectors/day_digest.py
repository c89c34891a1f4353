"""One digest for everything an office settled on a day: proves a restored ledger equal or not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import connection

from config.calendar import SHANGHAI

# The digest of each row covers its figures; the order is that of writing.
_DIGEST = """
SELECT count(*), encode(sha256(convert_to(
    %(head)s || COALESCE(string_agg(id || ':' || row_digest, ',' ORDER BY id), ''), 'UTF8'
)), 'hex')
FROM claims_settlement
WHERE office_id = %(office)s AND at >= %(from)s AND at < %(until)s
"""
ALGORITHM = "sha256/1"


class DayDigest(NamedTuple):
    """How many versions an office wrote on a day, and the digest over all of them."""

    count: int
    digest: str


def day_digest(office_id: int, day: date) -> DayDigest:
    """Return the digest of the versions an office in scope wrote on a day.

    Args:
        office_id: the office.
        day: a day in the zone of the pool.
    """
    start = datetime.combine(day, time.min, tzinfo=SHANGHAI)
    end = start + timedelta(days=1)
    head = f"{ALGORITHM}|{day.isoformat()}|"
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, {"head": head, "office": office_id, "from": start, "until": end})
        return DayDigest(*cursor.fetchone())
