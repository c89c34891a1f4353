"""Row history written by database triggers, append-only, without secrets."""

import pghistory
from django.db import models


def tracked(*hidden: str):
    """Keep every insert and update of a model as an event row.

    The event rows carry the office, so that the same row-level security holds for them, and
    the context of the act as JSON: no second table has to be updated.

    Args:
        hidden: columns whose values the history must not hold.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        exclude=list(hidden),
        append_only=True,
        context_field=pghistory.ContextJSONField(null=True),
        context_id_field=pghistory.ContextUUIDField(null=True),
        obj_field=pghistory.ObjForeignKey(
            related_name="history", db_constraint=False, on_delete=models.DO_NOTHING
        ),
    )
