"""Offices, the people who work in them, and what each may do there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.offices import roles
from config.offices.querysets import OfficeManager


class Office(models.Model):
    """An agency (经办机构) of a pool (统筹区): the pool itself, a county or a township."""

    class Kind(models.TextChoices):
        POOL = "pool", _("Pool")
        COUNTY = "county", _("County")
        TOWNSHIP = "township", _("Township")

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("office above"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="beneath",
    )
    region = models.CharField(
        _("policy region"), max_length=64, help_text=_("Id of the policy pack of the pool.")
    )
    division_code = models.CharField(_("division code"), max_length=12, blank=True)
    release_line_fen = models.BigIntegerField(
        _("release line"),
        default=0,
        help_text=_("In fen. Settlements paying more than this need a second person."),
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Office")
        verbose_name_plural = _("Offices")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(release_line_fen__gte=0), name="office_release_line_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(kind="pool", parent=None) | (~Q(kind="pool") & Q(parent__isnull=False)),
                name="office_pool_has_nothing_above",
            ),
        )

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes accounts; there is no account with all rights."""

    def create_user(self, username: str, password: str | None = None, **facts: Any) -> User:
        """Make one account; without a password nobody can sign in with it."""
        user = self.model(username=self.model.normalize_username(username), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. Rights come from memberships, never from the account itself."""

    username = models.CharField(
        _("username"), max_length=64, unique=True, validators=[UnicodeUsernameValidator()]
    )
    full_name = models.CharField(_("full name"), max_length=64)
    is_active = models.BooleanField(_("may sign in"), default=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    language = models.CharField(_("language"), max_length=16, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField(_("last seen at"), null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    # Django's admin asks for these two; nobody is above the table of roles.
    is_superuser = False

    class Meta:
        verbose_name = _("Account")
        verbose_name_plural = _("Accounts")
        ordering = ("username",)

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def is_staff(self) -> bool:
        """Every active account is staff; what it may do is answered by its roles."""
        return self.is_active

    def has_perm(self, _perm: str, _obj: object = None) -> bool:
        """Refuse: rights are asked for by act, in `config.offices.roles`."""
        return False

    def has_perms(self, _perms: Iterable[str], _obj: object = None) -> bool:
        return False

    def has_module_perms(self, _app_label: str) -> bool:
        """Refuse, like `has_perm`."""
        return False


STANDS_ALONE = _("Auditor, administrator and security officer cannot be joined with another role.")
_KIND_OF_ROLE = Case(
    When(role__in=sorted(roles.ALONE), then=F("role")),
    default=Value("desk"),
    output_field=models.CharField(),
)
_DAYS_OF_ROLE = Func(
    F("from_on"), F("through_on"), Value("[]"), function="daterange", output_field=DateRangeField()
)


class Membership(models.Model):
    """One role of one person at one office, from a day through a day."""

    user = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.PROTECT, related_name="memberships"
    )
    office = models.ForeignKey(
        Office, verbose_name=_("office"), on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=32, choices=roles.ROLE_CHOICES)
    from_on = models.DateField(_("from"))
    through_on = models.DateField(_("through"), null=True, blank=True)

    class Meta:
        verbose_name = _("Membership")
        verbose_name_plural = _("Memberships")
        ordering = ("user", "office", "role", "from_on")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "office", "role", "from_on"), name="membership_once_per_start"
            ),
            models.CheckConstraint(
                condition=Q(through_on=None) | Q(through_on__gte=F("from_on")),
                name="membership_ends_after_it_starts",
            ),
            # Roles that stand alone share no day with another kind of role of the same person.
            ExclusionConstraint(
                name="membership_alone_shares_no_day",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (_KIND_OF_ROLE, RangeOperators.NOT_EQUAL),
                    (_DAYS_OF_ROLE, RangeOperators.OVERLAPS),
                ],
                violation_error_message=STANDS_ALONE,
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.office}"

    def clean(self) -> None:
        """Keep pool-wide roles at the pool."""
        is_pool_role = self.role in roles.POOL_ROLES
        if is_pool_role and self.office_id and self.office.kind != Office.Kind.POOL:
            raise ValidationError({"office": _("This role exists at the pool only.")})

    @classmethod
    def valid_on(cls, day: date) -> Q:
        """Return the condition for memberships in force on a day."""
        return Q(from_on__lte=day) & (Q(through_on=None) | Q(through_on__gte=day))


class Deputy(models.Model):
    """One person acts in a role for another one who is away, from a day through a day.

    Like memberships it is read before there is a scope, so it stands outside the fence.
    """

    user = models.ForeignKey(
        User, verbose_name=_("deputy"), on_delete=models.PROTECT, related_name="deputy_for"
    )
    instead_of = models.ForeignKey(
        User, verbose_name=_("instead of"), on_delete=models.PROTECT, related_name="+"
    )
    office = models.ForeignKey(
        Office, verbose_name=_("office"), on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(_("role"), max_length=32, choices=roles.ROLE_CHOICES)
    from_on = models.DateField(_("from"))
    through_on = models.DateField(_("through"))
    appointed_by = models.ForeignKey(
        User, verbose_name=_("appointed by"), on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    class Meta:
        verbose_name = _("Deputy")
        verbose_name_plural = _("Deputies")
        ordering = ("from_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(through_on__gte=F("from_on")), name="deputy_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(user=F("instead_of")) & ~Q(user=F("appointed_by")),
                name="deputy_is_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(role__in=sorted(roles.DEPUTY_ROLES)),
                name="deputy_in_a_role_of_the_desk",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.office}"

    @classmethod
    def valid_on(cls, day: date) -> Q:
        """Return the condition for appointments in force on a day."""
        return Q(from_on__lte=day, through_on__gte=day, ended_at=None)


class ScopedModel(models.Model):
    """Base of every row that belongs to an office (经办机构).

    Its table needs `ForceRowSecurity` and one of `Grant` or `InsertOnly` in the migration
    that makes it; a test compares the list of scoped tables with the policies in force.
    """

    office = models.ForeignKey(
        Office, verbose_name=_("office"), on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = OfficeManager()
    all_offices = models.Manager()  # noqa: DJ012  a manager, not a field

    class Meta:
        abstract = True
