"""The person (参保人): the least an office must know, the ID number encrypted once."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.identity.fields import EncryptedText
from config.identity.masking import mask_last_four
from config.offices.models import ScopedModel
from enrollment.models.history import tracked


class IdKind(models.TextChoices):
    """Kind of paper a person is known by (证件类型)."""

    RESIDENT_ID = "resident_id", _("Resident ID card")
    RESIDENCE_PERMIT = "residence_permit", _("Residence permit of Hong Kong, Macao or Taiwan")
    FOREIGN_PERMANENT = "foreign_permanent", _("Permanent residence card of a foreigner")
    PASSPORT = "passport", _("Passport")
    OTHER = "other", _("Other paper")


class Sex(models.TextChoices):
    """Sex as the paper states it."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


@tracked("id_number", "id_digest", "phone", "phone_digest")
class Person(ScopedModel):
    """A person an office answers for.

    The ID number stands here once, encrypted; equality goes through the keyed digest, lists
    show the last four characters and the birth year. The plain number is only returned by
    `enrollment.services.person.id_number_reveal`, which asks for a reason and is audited.
    """

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, editable=False, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    id_kind = models.CharField(
        _("kind of ID"), max_length=20, choices=IdKind, default=IdKind.RESIDENT_ID
    )
    id_number = EncryptedText(_("ID number"), purpose="id_number", digest_field="id_digest")
    id_digest = models.CharField(_("digest of the ID number"), max_length=128)
    id_last4 = models.CharField(_("last four of the ID number"), max_length=4)
    birth_on = models.DateField(_("date of birth"))
    sex = models.CharField(_("sex"), max_length=6, choices=Sex)
    phone = EncryptedText(
        _("phone"), purpose="phone", digest_field="phone_digest", blank=True, default=""
    )
    phone_digest = models.CharField(
        _("digest of the phone"), max_length=128, blank=True, default=""
    )
    phone_last4 = models.CharField(
        _("last four of the phone"), max_length=4, blank=True, default=""
    )
    township = models.CharField(_("township"), max_length=60, blank=True, default="")
    village = models.CharField(_("village"), max_length=60, blank=True, default="")
    died_on = models.DateField(_("date of death"), null=True, blank=True)
    # Set once: the person moved (转移) and goes on under another card at another office. This
    # card, its bills and accounts stay with the office as they were on that day, to be read.
    moved_at = models.DateTimeField(_("moved away at"), null=True, blank=True, editable=False)
    moved_to = models.ForeignKey(
        "offices.Office",
        verbose_name=_("moved to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    moved_from = models.UUIDField(_("card before the move"), null=True, blank=True, editable=False)
    is_demonstration = models.BooleanField(_("invented person"), default=False)
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        constraints = [
            # Pool-wide on purpose: a unique index looks past row-level security, so that one
            # ID number is registered once in the pool, whichever office looks.
            # A card that was handed to another office no longer counts.
            models.UniqueConstraint(
                fields=["id_digest"],
                condition=Q(moved_at=None),
                name="person_id_number_once_in_the_pool",
            ),
            models.CheckConstraint(
                condition=Q(moved_at=None, moved_to=None)
                | Q(moved_at__isnull=False, moved_to__isnull=False),
                name="person_moves_to_an_office",
            ),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(died_on__gte=models.F("birth_on")),
                name="person_dies_after_birth",
            ),
        ]
        indexes = [
            models.Index(fields=["id_digest"], name="person_by_id_digest"),
            models.Index(fields=["id_last4"], name="person_by_id_last4"),
            models.Index(
                fields=["phone_digest"],
                name="person_by_phone_digest",
                condition=~Q(phone_digest=""),
            ),
            models.Index(
                fields=["phone_last4"], name="person_by_phone_last4", condition=~Q(phone_last4="")
            ),
            models.Index(fields=["office", "name"], name="person_by_office_and_name"),
        ]

    def __str__(self) -> str:
        """Name a person without a number."""
        return self.name

    @property
    def is_moved(self) -> bool:
        """Whether the person goes on at another office; nothing new is written on this card."""
        return self.moved_at is not None

    @property
    def masked_id(self) -> str:
        """The ID number as lists show it: stars and the last four."""
        return mask_last_four(self.id_last4)

    @property
    def birth_year(self) -> int:
        """The year of birth, which lists show beside the last four."""
        return self.birth_on.year
