"""Work that follows from a change, written in the transaction of the change itself."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from config.offices.models import ScopedModel


class OutboxEvent(ScopedModel):
    """One piece of work: done once per effect key, however often its message comes.

    It names its subject and carries nothing else: no personal data, no copy of a form.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(_("kind"), max_length=64)
    subject_id = models.CharField(_("subject"), max_length=64)
    effect_key = models.CharField(_("effect key"), max_length=160)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    not_before = models.DateTimeField(_("next attempt"), db_default=Now())
    last_error = models.CharField(_("last error"), max_length=120, blank=True, default="")
    created_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)

    class Meta:
        verbose_name = _("Piece of work")
        verbose_name_plural = _("Work to be done")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("effect_key",), name="outbox_event_takes_effect_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", finished_at=None)
                | (~Q(state="waiting") & Q(finished_at__isnull=False)),
                name="outbox_event_is_finished_when_it_says_so",
            ),
        )
        indexes = (
            models.Index(
                fields=("not_before", "id"),
                condition=Q(state="waiting"),
                name="outbox_event_waiting",
            ),
            models.Index(fields=("id",), condition=Q(state="failed"), name="outbox_event_failed"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class Heartbeat(models.Model):
    """When a piece of the timetable last ran, told by itself: timetable, broker and worker live."""

    name = models.CharField(_("name"), max_length=32, primary_key=True)
    beaten_at = models.DateTimeField(_("last ran at"), db_default=Now())

    class Meta:
        verbose_name = _("Heartbeat")
        verbose_name_plural = _("Heartbeats")

    def __str__(self) -> str:
        return self.name
