"""What this package says of its health."""

from django.utils.translation import gettext_lazy as _

from config.health.facts import HealthFact, State
from config.operation.selectors import is_paused


def paused() -> HealthFact:
    """Say whether the system waits for two people after a restore."""
    if is_paused():
        said = _("Paused after a restore: two people of the pool have to confirm.")
        return HealthFact("operation.paused", State.BROKEN, said)
    return HealthFact("operation.paused", State.OK, _("Running"))
