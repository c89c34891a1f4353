"""Forms of the pages about sign-in, deputies and handover."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from config import calendar
from config.offices import roles


def _text(label: Any, **facts: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, widget=UnfoldAdminTextInputWidget(), **facts
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d"],
        initial=lambda: calendar.today().isoformat(),
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "2026-01-31"}),
    )


class PersonForm(forms.Form):
    """Whom it is about, and why."""

    username = _text(_("Username"))
    reason = _text(_("Reason"))


class DeputyForm(forms.Form):
    """Who acts for whom, in which role, on which days."""

    instead_of = _text(_("Username of who is away"))
    username = _text(_("Username of the deputy"))
    role = forms.ChoiceField(
        label=_("role"),
        choices=[each for each in roles.ROLE_CHOICES if each[0] in roles.DEPUTY_ROLES],
        widget=UnfoldAdminSelectWidget,
    )
    from_on = _day(_("from"))
    through_on = _day(_("through"))
    reason = _text(_("Reason"))


class HandoverForm(forms.Form):
    """Whose open work goes to whom."""

    giver = _text(_("Username of who hands over"))
    taker = _text(_("Username of who takes over"))
    reason = _text(_("Reason"))
