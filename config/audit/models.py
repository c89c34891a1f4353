"""What was done, by whom, for which office and why; the answers already given; the seals.

All three tables are insert-only: the application has no right to change or remove a row.
"""

from django.db import models
from django.db.models import Func
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.audit.details import details_of
from config.audit.verbs import VERBS
from config.offices.models import ScopedModel


class TransactionId(Func):
    """The id of the running transaction; a sealer reads below the oldest running one."""

    function = "txid_current"
    template = "%(function)s()"
    output_field = models.BigIntegerField()


class AuditEvent(ScopedModel):
    """One act (or one chunk of a bulk act), done or refused.

    Actor and target are kept as plain values: an event must be writable on its own connection
    and must outlive whatever it speaks of.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        REFUSED = "refused", pgettext_lazy("audit", "Refused")

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    actor = models.ForeignKey(
        "offices.User",
        verbose_name=_("actor"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    agent = models.CharField(
        _("machine"), max_length=64, blank=True, help_text=_("Facility interface, task or command.")
    )
    roles = models.CharField(_("roles"), max_length=120, blank=True)
    verb = models.CharField(_("act"), max_length=64)
    target_kind = models.CharField(_("kind of target"), max_length=64, blank=True)
    target_id = models.CharField(_("target"), max_length=64, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.DONE)
    reason = models.TextField(_("reason"), blank=True)
    payload = models.JSONField(_("details"), default=dict)
    request_id = models.UUIDField(_("request"))
    address = models.CharField(_("address"), max_length=64, blank=True)
    txid = models.BigIntegerField(db_default=TransactionId(), editable=False)

    class Meta:
        verbose_name = _("Audit event")
        verbose_name_plural = _("Audit events")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("target_kind", "target_id", "id"), name="audit_event_target"),
            models.Index(fields=("actor", "at"), name="audit_event_actor_at"),
            models.Index(fields=("office", "at"), name="audit_event_office_at"),
            models.Index(fields=("txid", "id"), name="audit_event_transaction"),
        )

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def sentence(self) -> object:
        """What was done, in the active language."""
        verb = VERBS.get(self.verb)
        return verb.sentence if verb else self.verb

    @property
    def details(self) -> str:
        """What was kept beside the act, in words of the active language."""
        return details_of(self.payload)


class ActKey(ScopedModel):
    """The key of one act and its answer, so that the same request is answered, not repeated."""

    actor = models.ForeignKey(
        "offices.User", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    agent = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    body_digest = models.CharField(max_length=64)
    result = models.JSONField()
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Act key")
        verbose_name_plural = _("Act keys")
        constraints = (
            models.UniqueConstraint(
                fields=("office", "actor", "agent", "kind", "key"),
                name="act_key_answers_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class AuditSeal(models.Model):
    """A batch of events of the whole pool, hashed and chained to the batch before.

    It covers every event of the transactions from `from_txid` up to, not including,
    `through_txid`: all of them had ended when it was written, so none can join later.
    """

    number = models.BigIntegerField(_("seal"), unique=True)
    algorithm = models.CharField(_("algorithm"), max_length=16)
    from_txid = models.BigIntegerField(editable=False)
    through_txid = models.BigIntegerField(unique=True, editable=False)
    event_count = models.IntegerField(_("events"))
    first_event = models.BigIntegerField(_("first event"))
    last_event = models.BigIntegerField(_("last event"))
    # Id and digest of each event: places a damage to the event.
    leaves = models.BinaryField()
    previous = models.CharField(_("seal before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Audit seal")
        verbose_name_plural = _("Audit seals")
        ordering = ("-number",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(from_txid__lt=models.F("through_txid")),
                name="audit_seal_covers_transactions",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"
