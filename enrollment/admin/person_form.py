"""The form a person is registered and changed with; the service decides, the form shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from config.error_sentences import sentence
from config.errors import DomainError, InvalidInputs
from enrollment.models import Person
from enrollment.services.person import PersonInput, person_check

CHANGEABLE = ("name", "phone_number", "township", "village", "died_on")
_FIELDS = {"id_number": "number", "phone": "phone_number"}
_FIELD_OF_CODE = {"enrollment.person.known_in_the_pool": "id_number"}


class PersonChangeForm(forms.ModelForm):
    """Name, telephone, place and date of death; what the paper says stays."""

    # What the service refused after the form was clean; set on the class made for one request.
    refused: DomainError | None = None

    phone_number = forms.CharField(
        label=_("Phone"), required=False, max_length=20, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Person
        fields = ("name", "township", "village", "died_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.phone_last4:
            self.fields["phone_number"].help_text = _(
                "Recorded: ****%(last)s. Leave empty to keep it."
            ) % {"last": self.instance.phone_last4}

    def clean(self) -> dict[str, Any]:
        """Show what the service refused, beside what was typed."""
        cleaned = super().clean()
        if isinstance(self.refused, InvalidInputs):
            for mistake in self.refused.mistakes:
                self._show(mistake)
        elif self.refused is not None:
            self._show(self.refused)
        return cleaned

    def _show(self, mistake: DomainError) -> None:
        name = getattr(mistake, "field", "") or _FIELD_OF_CODE.get(mistake.code, "")
        field = _FIELDS.get(name, name)
        self.add_error(field if field in self.fields else None, sentence(mistake))


class PersonForm(PersonChangeForm):
    """Everything a registration needs."""

    number = forms.CharField(label=_("ID number"), max_length=40, widget=UnfoldAdminTextInputWidget)

    class Meta(PersonChangeForm.Meta):
        fields = ("name", "id_kind", "birth_on", "sex", "township", "village")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("birth_on", "sex"):
            self.fields[name].required = False
            self.fields[name].help_text = _("May be left empty where the ID number says it.")

    def clean(self) -> dict[str, Any]:
        """Show every mistake the service would find at its field."""
        cleaned = super().clean()
        try:
            person_check(self.entered())
        except InvalidInputs as error:
            for mistake in error.mistakes:
                self._show(mistake)
        return cleaned

    def entered(self) -> PersonInput:
        """Return what was typed, for the service."""
        typed = self.cleaned_data
        return PersonInput(
            name=typed.get("name", ""),
            id_number=typed.get("number", ""),
            id_kind=typed.get("id_kind", ""),
            birth_on=typed.get("birth_on"),
            sex=typed.get("sex") or "",
            phone=typed.get("phone_number", ""),
            township=typed.get("township", ""),
            village=typed.get("village", ""),
        )

    def _post_clean(self) -> None:
        """Leave the row alone: the service makes it from what was typed."""
