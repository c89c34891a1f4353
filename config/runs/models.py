"""A bulk run, its chunks, and the rows that were set aside."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from config.offices.models import ScopedModel
from config.runs import transitions


class Run(ScopedModel):
    """One bulk act: planned by one person, approved by another, done chunk by chunk."""

    class State(models.TextChoices):
        PLANNED = transitions.PLANNED, _("Planned, waits for a second person")
        RUNNING = transitions.RUNNING, _("Running")
        PAUSED = transitions.PAUSED, _("Paused")
        CANCELLED = transitions.CANCELLED, _("Cancelled")
        DONE = transitions.DONE, _("Done")
        WITH_FINDINGS = transitions.WITH_FINDINGS, _("Done with findings")

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    kind = models.CharField(_("kind"), max_length=64)
    parameters = models.JSONField(_("parameters"), default=dict)
    plan_digest = models.CharField(_("digest of the plan"), max_length=64)
    rows_planned = models.PositiveBigIntegerField(_("rows planned"))
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.PLANNED, db_index=True
    )
    stopped_because = models.CharField(_("stopped because"), max_length=64, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=200)
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("planned by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("runs with the rights of"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    starts = models.PositiveIntegerField(default=0)
    rounds = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(_("counts"), default=dict)
    sums = models.JSONField(_("sums"), default=dict)
    created_at = models.DateTimeField(_("planned at"), db_default=Now(), editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)

    class Meta:
        verbose_name = _("Run")
        verbose_name_plural = _("Runs")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(maker=F("checker")), name="run_maker_is_not_checker"
            ),
            models.CheckConstraint(
                condition=Q(state__in=(transitions.PLANNED, transitions.CANCELLED))
                | Q(checker__isnull=False),
                name="run_starts_with_a_second_person",
            ),
        )
        triggers = (
            pgtrigger.FSM(name="run_step", field="state", transitions=list(transitions.RUN_STEPS)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Chunk(ScopedModel):
    """A range of ids of one run: leased by a worker, done in one transaction with its rows.

    The token rises with every lease. Whoever finishes must still hold the latest token: a worker
    that was killed, frozen, doubled or late writes nothing.
    """

    class State(models.TextChoices):
        PLANNED = transitions.PLANNED, _("Planned")
        LEASED = transitions.LEASED, _("In work")
        DONE = transitions.DONE, _("Done")
        PARKED = transitions.PARKED, _("Given up")
        SPLIT = transitions.SPLIT, _("Split")

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField(_("number"))
    part = models.CharField(_("part"), max_length=64, blank=True, default="")
    first_id = models.BigIntegerField(_("first id"))
    last_id = models.BigIntegerField(_("last id"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED)
    owner = models.CharField(max_length=120, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    token = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=120, blank=True, default="")
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    rows_set_aside = models.PositiveIntegerField(_("rows set aside"), default=0)
    sums = models.JSONField(_("sums"), default=dict)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("Chunk")
        verbose_name_plural = _("Chunks")
        ordering = ("run", "number")
        constraints = (
            models.UniqueConstraint(fields=("run", "number"), name="run_chunk_stands_once"),
            models.CheckConstraint(
                condition=Q(first_id__lte=F("last_id")), name="run_chunk_is_a_range"
            ),
        )
        indexes = (
            models.Index(
                fields=("run", "number"),
                condition=Q(state__in=transitions.OPEN_CHUNKS),
                name="run_chunk_open",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="chunk_step", field="state", transitions=list(transitions.CHUNK_STEPS)
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class Finding(ScopedModel):
    """A row that was set aside, and why; the rest of its chunk went on."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="findings")
    chunk = models.ForeignKey(Chunk, on_delete=models.PROTECT, related_name="findings")
    part = models.CharField(_("part"), max_length=64, blank=True, default="")
    subject_id = models.BigIntegerField(_("row"))
    code = models.CharField(_("reason"), max_length=120)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Finding")
        verbose_name_plural = _("Findings")
        ordering = ("run", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "part", "subject_id"), name="run_finds_a_row_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.part} {self.subject_id}: {self.code}"
