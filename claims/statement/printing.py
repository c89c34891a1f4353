"""Print a statement: every print is an event, from the second on the sheet says it is a copy."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.timezone import localtime

from claims.models import Settlement
from claims.statement.found import latest_version
from claims.statement.marks import PrintFacts
from claims.statement.sheet import INSTANT, Sheet, sheet_of
from config import calendar
from config.audit import services as audit
from config.audit.models import AuditEvent
from config.audit.services import target_key
from config.offices import scope
from config.offices.models import User

VERB = "statement.printed"


@transaction.atomic
def statement_print(version: Settlement, key: str = "", form: str = "page") -> Sheet:
    """Return the sheet to be printed and leave the event of it, numbered.

    The number counts the prints this office can see; a print by another office (the pool) is
    always a copy, so that there is one original at most.

    Args:
        version: as `claims.statement.found.statement_version` reads it.
        key: made with the page; the same key prints the same copy again. Without one every
            print is one of its own.
        form: `page` or `pdf`.

    Raises:
        Refused: `offices.act.not_allowed`.
    """
    acting = audit.require("statement.print", version)

    def act() -> dict[str, int]:
        _one_at_a_time(version)
        copy = prints_of(version) + 1
        audit.record(VERB, version, number=version.bill.number, version=version.version, copy=copy)
        return {"copy": copy}

    body = {"settlement": str(version.public_id), "form": form}
    done = audit.idempotent(f"{VERB}.{form}", key, body, act) if key else act()
    operator = User.objects.filter(pk=acting.user_id).first()
    printed = PrintFacts(
        copy=done["copy"],
        operator=str(operator or acting.agent),
        at_text=f"{localtime(calendar.now()):{INSTANT}}",
        is_elsewhere=acting.office_id != version.office_id,
    )
    return sheet_of(version, latest_version(version), printed)


def prints_of(version: Settlement) -> int:
    """Return how often a version was printed, as far as the scope sees."""
    events = AuditEvent.objects.filter(
        verb=VERB,
        target_kind=version._meta.label_lower,
        target_id=target_key(version),
        outcome=AuditEvent.Outcome.DONE,
        office_id__in=scope.current().office_ids,
    )
    return events.count()


def _one_at_a_time(version: Settlement) -> None:
    """Let two prints at the same moment have two numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{VERB}|{version.public_id}"],
        )
