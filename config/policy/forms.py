"""Forms of the policy desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from config import calendar
from config.policy.models import PolicyDocument, PolicyRelease


class ActivationForm(forms.Form):
    """From which day and on which document a release is put in force."""

    active_from = forms.DateField(
        label=_("In force from"),
        input_formats=["%Y-%m-%d"],
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "2026-01-01"}),
    )
    document_number = forms.CharField(
        label=_("Document number"),
        max_length=100,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("The document must be recorded under Documents."),
    )
    is_confirmed = forms.BooleanField(
        label=_("I have compared the values with the document."), widget=UnfoldBooleanWidget()
    )

    def __init__(self, release: PolicyRelease, *args: Any, **kwargs: Any) -> None:
        """Start from today."""
        super().__init__(*args, **kwargs)
        self.release = release
        self.fields["active_from"].initial = calendar.today().isoformat()

    def clean_document_number(self) -> PolicyDocument | None:
        """Find the document; only a demonstration may go without."""
        number = str(self.cleaned_data["document_number"]).strip()
        if number:
            found = PolicyDocument.objects.filter(number=number).first()
            if found is None:
                raise forms.ValidationError(_("No document with this number is recorded."))
            return found
        if self.release.kind != PolicyRelease.Kind.DEMONSTRATION:
            raise forms.ValidationError(_("A release of law needs an issued document."))
        return None


class ValuesForm(forms.Form):
    """Which values to show."""

    region = forms.ChoiceField(label=_("Region"), required=False)
    key = forms.CharField(label=_("Key contains"), required=False, max_length=64)
    day = forms.DateField(label=_("In force on"), required=False, input_formats=["%Y-%m-%d"])

    def __init__(self, regions: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        """Offer the regions with a registered release, code and name."""
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
