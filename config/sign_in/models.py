"""What signing in needs to remember: devices, codes, passwords of before, the one live session."""

from __future__ import annotations

from base64 import b32decode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device
from django_otp.oath import TOTP

from config import calendar
from config.identity.fields import EncryptedText

# One step before and one after: clocks of telephones and tokens are never quite right.
TOLERANCE_STEPS = 1


def account(name: str = "+") -> models.ForeignKey:  # type: ignore[type-arg]
    """Return the column of an account; accounts are never removed."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name=name,
    )


class TotpDevice(Device):
    """A second factor: a program on a telephone or a hardware token, both by time (RFC 6238).

    The seed is sealed like an ID number: a copy of the database makes no codes.
    """

    class Kind(models.TextChoices):
        PROGRAM = "program", _("Program on a telephone")
        TOKEN = "token", _("Hardware token")

    user = account("totp_devices")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.PROGRAM)
    seed = EncryptedText(_("seed"), purpose="totp_seed")
    digits = models.PositiveSmallIntegerField(_("digits"), default=6)
    step = models.PositiveSmallIntegerField(_("seconds per code"), default=30)
    drift = models.SmallIntegerField(default=0, editable=False)
    last_t = models.BigIntegerField(default=-1, editable=False)
    made_at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    class Meta:
        verbose_name = _("Second factor")
        verbose_name_plural = _("Second factors")
        constraints = (
            models.UniqueConstraint(
                fields=("user",), condition=Q(ended_at=None), name="totp_device_once_per_person"
            ),
            models.CheckConstraint(condition=Q(digits__in=(6, 8)), name="totp_device_digits"),
            models.CheckConstraint(condition=Q(step__in=(30, 60)), name="totp_device_step"),
        )

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def clock(self) -> TOTP:
        """Return the code machine of this device, at the present instant."""
        totp = TOTP(b32decode(self.seed.plain()), self.step, 0, self.digits, self.drift)
        totp.time = calendar.now().timestamp()
        return totp

    def verify_token(self, token: str) -> bool:
        """Accept a code once. The caller holds the row locked, so two at once are one after the other.

        A code of the time of the last accepted one, or before it, is refused.
        """
        if not (token.isascii() and token.isdecimal() and len(token) == self.digits):
            return False
        totp = self.clock()
        if not totp.verify(int(token), TOLERANCE_STEPS, self.last_t + 1):
            return False
        self.last_t, self.drift = totp.t(), totp.drift
        self.save(update_fields=("last_t", "drift"))
        return True

    def next_code(self) -> str:
        """Return the code that will be accepted next; empty while the next one is not due yet."""
        totp = self.clock()
        ahead = max(0, self.last_t + 1 - totp.t())
        if ahead > TOLERANCE_STEPS:
            return ""
        totp.drift += ahead
        return f"{totp.token():0{self.digits}d}"


class OnceCode(models.Model):
    """A code that is kept as its digest and works once."""

    digest = models.CharField(_("digest"), max_length=80, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)
    used_at = models.DateTimeField(_("used at"), null=True, editable=False)

    class Meta:
        abstract = True


class RecoveryCode(OnceCode):
    """One of ten codes on paper, for the day the telephone is lost."""

    user = account("recovery_codes")
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    class Meta:
        verbose_name = _("Recovery code")
        verbose_name_plural = _("Recovery codes")

    def __str__(self) -> str:
        return str(self.made_at)


class OneDayCode(OnceCode):
    """A code the local supervisor gives a person without the device at hand, for today."""

    user = account("one_day_codes")
    issuer = account()
    reason = models.CharField(_("reason"), max_length=200)
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        verbose_name = _("One-day code")
        verbose_name_plural = _("One-day codes")
        constraints = (
            models.CheckConstraint(
                condition=~Q(user=models.F("issuer")), name="one_day_code_from_another"
            ),
        )

    def __str__(self) -> str:
        return str(self.expires_at)


class LiveSession(models.Model):
    """The one session of a person that counts, since when, and under which rights it began."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    # Empty: the person is signed out.
    session_key = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    factor_at = models.DateTimeField()
    rights_digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Live session")
        verbose_name_plural = _("Live sessions")

    def __str__(self) -> str:
        return str(self.started_at)


class KeptPassword(models.Model):
    """A password a person had, as its hash: the last five are not taken again."""

    user = account("kept_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(default=calendar.now)

    class Meta:
        verbose_name = _("Kept password")
        verbose_name_plural = _("Kept passwords")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return str(self.set_at)
