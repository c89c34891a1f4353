"""Which invoices are in use in the whole pool, without saying by whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InvoiceUseKind(models.TextChoices):
    """An issue of an invoice is taken once and freed at most once."""

    TAKEN = "taken", _("Taken")
    FREED = "freed", _("Freed")


class InvoiceUse(models.Model):
    """A digest of an invoice, taken or freed. Insert-only, not scoped.

    Row-level security hides the bills of other offices, so their invoices could not be
    compared; this table can, and holds nothing but a digest and the random id of a bill
    that only its own office can open.
    """

    digest = models.CharField(_("digest of the invoice"), max_length=64)
    issue = models.PositiveSmallIntegerField(_("issue"))
    kind = models.CharField(_("kind"), max_length=5, choices=InvoiceUseKind)
    bill_public_id = models.UUIDField(_("public id of the bill"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("invoice use")
        verbose_name_plural = _("invoice uses")
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "issue", "kind"], name="invoice_issue_taken_and_freed_once"
            ),
        ]

    def __str__(self) -> str:
        """Show the kind and the issue."""
        return f"{self.get_kind_display()} {self.issue}"
