"""What signing in says of the health of the installation."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.health.facts import HealthFact, State
from config.sign_in.tries import busiest_address

# An office of many people makes mistakes; a program makes hundreds.
MANY = 100


def failed_tries() -> HealthFact:
    """Say how many tries failed from the busiest address: offices share one, so it never locks."""
    count = busiest_address()
    said = format_lazy(
        _("{count} tries to sign in failed in the last hour from one address."), count=count
    )
    return HealthFact("sign_in.failed_tries", State.LATE if count > MANY else State.OK, said)
