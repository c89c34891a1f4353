"""Which text of the rules is in force, since when, by whose decision and on which document."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PolicyDocument(models.Model):
    """An issued document (文件) that a release rests on."""

    number = models.CharField(_("document number"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=300)
    issuer = models.CharField(_("issuer"), max_length=200)
    issued_on = models.DateField(_("issued on"))
    scan = models.FileField(_("scan"), upload_to="policy_documents/", blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Document")
        verbose_name_plural = _("Documents")
        ordering = ("-issued_on", "number")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class PolicyRelease(models.Model):
    """The canonical content of one region's pack. Insert-only."""

    class Kind(models.TextChoices):
        LAW = "law", _("Law")
        DEMONSTRATION = "demonstration", _("Demonstration")

    region = models.CharField(_("region"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    content = models.JSONField(_("content"))
    registered_at = models.DateTimeField(_("registered at"), db_default=Now(), editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("registered by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("Policy release")
        verbose_name_plural = _("Policy releases")
        ordering = ("region", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("region", "digest"), name="release_content_once_per_region"
            ),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.digest[:12]}"


class ReleaseActivation(models.Model):
    """The decision that a release is in force from a day. Insert-only."""

    release = models.ForeignKey(
        PolicyRelease,
        verbose_name=_("release"),
        on_delete=models.PROTECT,
        related_name="activations",
    )
    # Repeated from the release: the question "which one is in force" is asked by region.
    region = models.CharField(_("region"), max_length=64)
    active_from = models.DateField(_("in force from"))
    document = models.ForeignKey(
        PolicyDocument,
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("activated by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    activated_at = models.DateTimeField(_("activated at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Activation")
        verbose_name_plural = _("Activations")
        ordering = ("-active_from", "-id")
        indexes = (
            models.Index(fields=("region", "-active_from", "-id"), name="activation_in_force"),
        )

    def __str__(self) -> str:
        return f"{self.release} · {self.active_from}"
