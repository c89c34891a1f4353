"""Cases accepted by one office for another (全市通办): each office keeps a row of its own.

The case belongs to the office of the person and is settled there; the receipt belongs to the
office that accepted it and says number, day and state. Neither row is seen by the other office,
so no policy of row-level security has an exception for them.
"""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.offices.models import ScopedModel
from enrollment.models.history import tracked
from enrollment.models.person import Person


class CaseKind(models.TextChoices):
    """What was accepted."""

    BILL = "bill", _("Paper bill")
    TRANSFER = "transfer", _("Transfer of a person")


class CaseState(models.TextChoices):
    """Where a case stands."""

    WAITING = "waiting", _("Waiting at the office of the person")
    TAKEN = "taken", _("Taken by the office of the person")
    SETTLED = "settled", _("Done")
    RETURNED = "returned", _("Returned")


# The one table of steps; the database refuses every other.
STEPS = (
    (CaseState.WAITING, CaseState.TAKEN),
    (CaseState.WAITING, CaseState.SETTLED),
    (CaseState.WAITING, CaseState.RETURNED),
    (CaseState.TAKEN, CaseState.SETTLED),
    (CaseState.TAKEN, CaseState.RETURNED),
)


def _steps(name: str) -> pgtrigger.FSM:
    transitions = [(before.value, after.value) for before, after in STEPS]
    return pgtrigger.FSM(name=name, field="state", transitions=transitions)


def _actor(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )


class _Typed(ScopedModel):
    """What both rows hold: what was typed at the counter, and where the case stands."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, editable=False, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=CaseKind)
    number = models.CharField(_("receipt number"), max_length=48)
    typed_name = models.CharField(_("name as typed"), max_length=60)
    typed_last4 = models.CharField(_("last four as typed"), max_length=4)
    payload = models.JSONField(_("fields as typed"), default=dict)
    reason = models.CharField(_("reason"), max_length=200)
    document = models.CharField(_("document"), max_length=120, blank=True, default="")
    state = models.CharField(_("state"), max_length=8, choices=CaseState, default=CaseState.WAITING)
    answer = models.CharField(_("answer"), max_length=200, blank=True, default="")
    accepted_at = models.DateTimeField(_("accepted at"))
    decided_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        abstract = True

    def __str__(self) -> str:
        """Show the number of the receipt."""
        return self.number


@tracked()
class AcceptedCase(_Typed):
    """A case another office accepted for us; of the pool, where the person is not known.

    Attributes:
        receipt_id: public id of the receipt at the office that accepted it.
        person: None where number and name name nobody; such a case lies at the pool.
    """

    receipt_id = models.UUIDField(_("receipt"), unique=True, editable=False)
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accepted_cases",
    )
    from_office = models.ForeignKey(
        "offices.Office",
        verbose_name=_("office of acceptance"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    accepted_by = _actor(_("accepted by"))
    decided_by = _actor(_("answered by"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("case accepted elsewhere")
        verbose_name_plural = _("cases accepted elsewhere")
        triggers = [_steps("case_goes_by_its_steps")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("accepted_by")),
                name="accepted_case_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(answer=""),
                name="accepted_case_returned_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "id"], name="accepted_case_by_state")]


@tracked()
class CaseReceipt(_Typed):
    """The receipt (受理回执) of a case we accepted for the office of a person."""

    actor = _actor(_("accepted by"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("receipt of acceptance")
        verbose_name_plural = _("receipts of acceptance")
        triggers = [_steps("receipt_goes_by_its_steps")]
        constraints = [
            models.UniqueConstraint(fields=["office", "number"], name="receipt_once_per_office"),
        ]
        indexes = [models.Index(fields=["office", "actor", "id"], name="receipt_by_actor")]
