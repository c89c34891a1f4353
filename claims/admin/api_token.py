"""Tokens of the machine interface: made, shown once, revoked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from claims.models import ApiToken
from claims.services.api_token import api_token_create, api_token_revoke
from config import calendar
from config.admin_site import OfficeModelAdmin
from config.error_sentences import sentence_of
from config.sign_in.fresh_factor import fresh_factor_page


class NewTokenForm(forms.ModelForm):
    """What is stated of a new token."""

    class Meta:
        model = ApiToken
        fields = ("facility", "name", "through_on")

    def clean_through_on(self) -> Any:
        """Refuse a token that would never hold."""
        day = self.cleaned_data["through_on"]
        if day is not None and day < calendar.today():
            raise forms.ValidationError(sentence_of("claims.api_token.day_passed", {}))
        return day


class TokenForm(forms.ModelForm):
    """The one thing that can be done with a token: end it."""

    is_revoked = forms.BooleanField(
        label=_("Revoke"), required=False, help_text=_("Its next request is refused, for good.")
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    class Meta:
        model = ApiToken
        fields = ()


@admin.register(ApiToken)
class ApiTokenAdmin(OfficeModelAdmin):
    view_act = "api_token.view"
    add_act = change_act = "api_token.manage"
    list_display = ("name", "facility", "office", "prefix", "through_on", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("facility", "office")
    search_fields = ("name", "prefix", "facility__code", "facility__name")
    autocomplete_fields = ("facility",)
    facts = ("facility", "name", "prefix", "through_on", "created_by", "created_at", "revoked_at")

    @method_decorator(fresh_factor_page("api_token.manage"))
    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(*args, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: ApiToken | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = NewTokenForm if obj is None else TokenForm
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(
        self, _request: HttpRequest, obj: ApiToken | None = None
    ) -> tuple[str, ...]:
        return () if obj is None else self.facts

    def get_fieldsets(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("facility", "name", "through_on")}),)
        may_end = obj.revoked_at is None and self.has_change_permission(request, obj)
        ending = ("is_revoked", "reason") if may_end else ()
        return ((None, {"fields": (*self.facts, *ending)}),)

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        """Make or revoke through the services; the text goes to this one answer."""
        if change:
            if form.cleaned_data.get("is_revoked"):
                api_token_revoke(obj, form.cleaned_data.get("reason", ""))
            return
        stated = form.cleaned_data
        made, text = api_token_create(stated["facility"], stated["name"], stated["through_on"])
        obj.pk, obj.office_id = made.pk, made.office_id
        obj.prefix = made.prefix
        request.token_text = text  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the text at once, so that it is never kept for a next page."""
        del post_url_continue
        context = {
            **self.admin_site.each_context(request),
            "title": _("Interface token"),
            "subtitle": str(obj),
            "token": obj,
            "text": request.token_text,  # type: ignore[attr-defined]
            "opts": self.opts,
        }
        return TemplateResponse(request, "claims/api/token_made.html", context)
