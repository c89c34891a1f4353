"""Forms of the administrator: offices, accounts and the roles their people hold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget

from config import calendar
from config.admin_fields import YuanField
from config.audit import services as audit
from config.offices import roles
from config.offices.models import STANDS_ALONE, Membership, Office, User


class OfficeForm(forms.ModelForm):  # type: ignore[type-arg]
    """An office, with its release line in yuan."""

    release_line_fen = YuanField(
        label=_("Release line (yuan)"),
        initial=0,
        help_text=_("Settlements paying more than this need a second person."),
    )

    class Meta:
        model = Office
        fields = (
            "code",
            "name",
            "name_en",
            "kind",
            "parent",
            "region",
            "division_code",
            "release_line_fen",
            "phone",
            "address",
        )


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """What both account forms share: a password set by someone else must be changed at sign-in."""

    new_password = forms.CharField(
        label=_("New password"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("The person must replace it at the next sign-in."),
    )

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=(("", _("as the browser asks")), *settings.LANGUAGES),
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = User
        fields = ("username", "full_name", "language")

    def clean_new_password(self) -> str:
        """Hold the password to the rules."""
        password = str(self.cleaned_data.get("new_password") or "")
        if password:
            validate_password(password, self.instance)
        return password

    def save(self, commit: bool = True) -> Any:
        """Store the account; an empty password leaves the old one."""
        password = self.cleaned_data.get("new_password")
        if password:
            self.instance.set_password(password)
            self.instance.must_change_password = True
        elif self.instance.pk is None:
            self.instance.set_unusable_password()
        return super().save(commit)


class AccountCreationForm(AccountForm):
    """A new account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for a password."""
        super().__init__(*args, **kwargs)
        if "new_password" in self.fields:
            self.fields["new_password"].required = True


class AccountChangeForm(AccountForm):
    """An existing account."""

    class Meta(AccountForm.Meta):
        fields = ("username", "full_name", "is_active", "language")


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    """One role; its person and office never change, the days may."""

    class Meta:
        model = Membership
        fields = ("office", "role", "from_on", "through_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Close what identifies a role that exists."""
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("office", "role", "from_on"):
                if name in self.fields:
                    self.fields[name].disabled = True


class MembershipFormSet(PaginationInlineFormSet):
    """All roles of one person, so that combinations can be refused."""

    def clean(self) -> None:
        """Refuse a role that stands alone beside any other; the database would refuse it too."""
        super().clean()
        asked = [form.cleaned_data for form in self.forms if form.cleaned_data.get("role")]
        today = calendar.today()
        held = {row["role"] for row in asked if (row.get("through_on") or today) >= today}
        if self.instance.pk:
            shown = [row["id"].pk for row in asked if row.get("id")]
            elsewhere = self.instance.memberships.filter(Membership.valid_on(today))
            held |= set(elsewhere.exclude(pk__in=shown).values_list("role", flat=True))
        if not roles.may_meet(held):
            raise ValidationError(STANDS_ALONE)

    def record_events(self) -> None:
        """Leave one event per role granted or changed."""
        for membership in self.new_objects:
            _record("membership.granted", membership)
        for membership, _fields in self.changed_objects:
            _record("membership.changed", membership)


def _record(verb: str, membership: Membership) -> None:
    audit.record(
        verb,
        membership.user,
        role=membership.role,
        office=membership.office.code,
        from_on=str(membership.from_on),
        through_on=str(membership.through_on or ""),
    )
