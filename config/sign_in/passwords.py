"""Rules of passwords beyond length and the list of common ones; asked by Django's validators."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from config.offices.models import Office, User
from config.sign_in.models import KeptPassword

KEPT = 5
LEFT_OVER = 8
# What people at an insurance office type first.
WORDS = (
    "administrator", "auditor", "baozhang", "bendi", "canbao", "chuangkou", "clerk", "desk",
    "guanliyuan", "insurance", "jiesuan", "jumin", "medical", "mima", "office", "password",
    "reviewer", "shebao", "supervisor", "yibao", "yibaoju", "yiliao", "ylbz", "ylbzj", "医保局",
    "医疗保障局", "医保", "医疗", "保障", "结算", "窗口", "密码", "管理员", "居民", "参保",
)  # fmt: skip
_YEARS_AND_MARKS = re.compile(r"(?:19|20)\d\d|[\W_]")


class OfficeWordsValidator:
    """Refuse a password that is little more than words of the office, its name and a year."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Take such words, years and marks out; at least eight characters must be left.

        Raises:
            ValidationError: fewer are left.
        """
        left = password.casefold()
        for word in sorted(self._words(user), key=len, reverse=True):
            left = left.replace(word, " ")
        if len(_YEARS_AND_MARKS.sub("", left)) < LEFT_OVER:
            raise ValidationError(self.get_help_text(), code="password_of_office_words")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("A password of words of the office, names and years is guessed first.")

    def _words(self, user: User | None) -> set[str]:
        offices = Office.objects.values_list("code", "name", "name_en")
        words = {text for office in offices for text in office}
        if user is not None:
            words |= {user.username, user.full_name}
        parts = {part for text in words for part in re.split(r"\W+|_", text.casefold())}
        return {word for word in parts if len(word) > 1} | set(WORDS)


class NotReusedValidator:
    """Keep the hash of each password that is set, and refuse the last five."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Compare with what is kept.

        Raises:
            ValidationError: it is one of the last five.
        """
        if user is None or user.pk is None:
            return
        kept = KeptPassword.objects.filter(user=user).values_list("password", flat=True)[:KEPT]
        if any(check_password(password, each) for each in kept):
            raise ValidationError(self.get_help_text(), code="password_reused")

    def password_changed(self, _password: str | None, user: Any = None) -> None:
        """Keep the hash; Django calls this when an account with a new password is stored."""
        if user is not None and user.has_usable_password():
            KeptPassword.objects.create(user=user, password=user.password)

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("None of your last five passwords.")


class LongestValidator:
    """Refuse passwords so long that hashing them is an attack; far beyond any sentence."""

    LONGEST = 512

    def validate(self, password: str, _user: User | None = None) -> None:
        """Compare the length.

        Raises:
            ValidationError: it is longer.
        """
        if len(password) > self.LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("At most 512 characters; sentences are welcome.")
