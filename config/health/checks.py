"""`manage.py check --deploy`: the database a deployment would work on is safe."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

from config.database_safety import SAID, UnsafeDatabase, problems_of, standing_of


@register(Tags.security, deploy=True)
def check_database(**_kwargs: Any) -> list[CheckMessage]:
    """Report each unsafe setting, or that the database could not be asked."""
    try:
        problems = problems_of(standing_of(connections["default"]))
    except UnsafeDatabase as unsafe:
        # A deployment's own process was refused already when it connected.
        problems = unsafe.problems
    except DatabaseError as failure:
        said = f"The database could not be asked whether it is safe ({type(failure).__name__})."
        return [Error(said, id="health.unreachable")]
    return [Error(SAID[name], id=f"health.{name}") for name in problems]
