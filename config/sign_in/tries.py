"""Count tries to sign in, in the database, and say when no further one is heard.

Each try is entered before it is checked and taken out when it was right. So a hundred at once
cannot all be checked before the first is counted. What is counted:

- a name from one address: 5 in 15 minutes;
- a name from anywhere: 10 an hour;
- a name at the desks where its person signed in before: 5 in 15 minutes and 10 an hour, apart
  from the others, so that strangers lock nobody out of his own desk.

Together at most 20 an hour per name. An address alone never locks: offices share one. Names are
kept as keyed digests, since people type passwords and ID numbers into that field. The rows are
those of django-axes; its handler in this package asks here. They are written on the connection
`aside`: whatever becomes of the request, the try has happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from axes.models import AccessFailureLog
from django.db import connections, transaction
from django.http import HttpRequest

from config import calendar
from config.identity.digest import keyed_digest
from config.identity.keys import key_ring
from config.offices.client_address import client_address
from config.sign_in import known_desks

ASIDE = "aside"
PASSWORD, FACTOR = "password", "factor"
OWN_DESK, ELSEWHERE = "own desk", "elsewhere"
SHORT, SHORT_LIMIT = timedelta(minutes=15), 5
LONG, LONG_LIMIT = timedelta(hours=1), 10
LONGEST_NAME = 64
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@dataclass(frozen=True)
class Try:
    """One try that may be checked.

    Attributes:
        row: its entry.
        who: digest of the name.
        kind: password or factor.
        place: own desk, or elsewhere.
        address: network address; None where it is not known.
    """

    row: int
    who: str
    kind: str
    place: str
    address: str | None


def who_is(name: str) -> str:
    """Return what stands for a typed name: its digest under the current key."""
    return keyed_digest(key_ring(), name[:LONGEST_NAME].casefold(), "sign_in_name")


def begin(request: HttpRequest, kind: str, name: str) -> Try | None:
    """Enter a try; None when it may not be checked any more, whatever was typed."""
    who, address = who_is(name), client_address(request) or None
    place = OWN_DESK if known_desks.is_known(request, who) else ELSEWHERE
    with transaction.atomic(using=ASIDE):
        with connections[ASIDE].cursor() as cursor:
            cursor.execute(_LOCK, [f"sign_in|{kind}|{who}"])
        if not _is_free(kind, who, place, address):
            return None
        row = AccessFailureLog.objects.using(ASIDE).create(
            username=who, ip_address=address, user_agent=place, http_accept="", path_info=kind
        )
    return Try(row.pk, who, kind, place, address)


def is_free(request: HttpRequest, kind: str, name: str) -> bool:
    """Tell whether a try would be checked, without entering one."""
    who = who_is(name)
    place = OWN_DESK if known_desks.is_known(request, who) else ELSEWHERE
    return _is_free(kind, who, place, client_address(request) or None)


def succeeded(tried: Try) -> None:
    """Take out a try that was right, and what was entered before it at the same place."""
    at_place = AccessFailureLog.objects.using(ASIDE).filter(
        username=tried.who, path_info=tried.kind, user_agent=tried.place
    )
    if tried.place == ELSEWHERE:
        at_place = at_place.filter(ip_address=tried.address)
    at_place.delete()


def forget_old() -> int:
    """Remove entries older than a day; nothing counts them any more."""
    old = AccessFailureLog.objects.filter(attempt_time__lt=calendar.now() - timedelta(days=1))
    return old.delete()[0]


def busiest_address() -> int:
    """Return how many tries of the last hour failed from the address with the most."""
    since = calendar.now() - LONG
    found = AccessFailureLog.objects.filter(attempt_time__gt=since).values_list(
        "ip_address", flat=True
    )
    addresses = list(found)
    return max(map(addresses.count, set(addresses)), default=0)


def _is_free(kind: str, who: str, place: str, address: str | None) -> bool:
    now = calendar.now()
    entered = AccessFailureLog.objects.using(ASIDE).filter(
        username=who, path_info=kind, user_agent=place, attempt_time__gt=now - LONG
    )
    rows = list(entered.values_list("ip_address", "attempt_time"))
    lately = [row for row in rows if row[1] > now - SHORT]
    if place == ELSEWHERE:
        lately = [row for row in lately if row[0] == address]
    return len(rows) < LONG_LIMIT and len(lately) < SHORT_LIMIT
