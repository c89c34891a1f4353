"""A form of the admin is applied once, and only onto the rows it showed.

Every page that adds or changes rows carries two hidden fields. `request_key` is random and made
with the page: the same form sent twice is applied once, and the second answer is the first one.
`rows_seen` is a digest of the rows as the page showed them: where somebody else changed them
since, nothing is stored, and the page shows what was typed beside what is recorded now.

Pages inherit both from `config.admin_site.OfficeModelAdmin`; there is nothing to remember.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import models, transaction
from django.forms import BaseForm, PasswordInput
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.audit.services import idempotent
from config.error_sentences import sentence
from config.errors import Conflict, DomainError, Refused
from config.identity.fields import EncryptedText

KEY, SEEN = "request_key", "rows_seen"
_UNSAID = {"csrfmiddlewaretoken", KEY, SEEN}


class _NotSaved(Exception):
    """The form was refused: its page is the answer, and its key may be used again."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def new_request_key() -> str:
    """Return the key of one form, made with its page."""
    return uuid4().hex


def typed_digest(request: HttpRequest) -> str:
    """Return a keyed digest of everything a form says; numbers and passwords may be in it."""
    said = {name: values for name, values in request.POST.lists() if name not in _UNSAID}
    files = {name: [file.name, file.size] for name, file in request.FILES.items()}
    text = json.dumps([request.path, said, files], sort_keys=True, ensure_ascii=False)
    return salted_hmac("config.admin_edits", text, algorithm="sha256").hexdigest()


def applied_once(
    request: HttpRequest, kind: str, apply: Callable[[], HttpResponse]
) -> HttpResponse:
    """Apply a form once and answer every repetition by sending it where the first one was sent.

    Args:
        request: the POST, with `request_key`.
        kind: what is done, for the key.
        apply: does it; an answer that is no redirect is taken as a refusal, which keeps nothing.

    Raises:
        DomainError: `audit.key.missing`, `audit.key.reused`.
    """
    answered: list[HttpResponse] = []

    def act() -> dict[str, Any]:
        response = apply()
        if response.status_code != 302:
            raise _NotSaved(response)
        answered.append(response)
        return {"to": response["Location"]}

    try:
        with transaction.atomic():
            done = idempotent(kind, request.POST.get(KEY, ""), typed_digest(request), act)
    except _NotSaved as refused:
        return refused.response
    return answered[0] if answered else HttpResponseRedirect(done["to"])


class GuardedEdits:
    """Part of every page over rows that may be edited.

    Attributes:
        unwatched_columns: columns of the rows that change without an edit, as a last sign-in.
    """

    change_form_before_template = "admin/edit_guard.html"
    unwatched_columns: tuple[str, ...] = ()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Answer the page; apply what was sent once, onto what was shown."""

        def view() -> HttpResponse:
            return super(GuardedEdits, self).changeform_view(  # type: ignore[misc]
                request, object_id, form_url, extra_context
            )

        if request.method != "POST":
            return view()
        try:
            return self._applied(request, object_id, view)
        except DomainError as error:
            if not error.code.startswith(("audit.key.", "admin.edit.")):
                raise
            request.edit_refused = error  # type: ignore[attr-defined]
            return view()

    def _applied(
        self, request: HttpRequest, object_id: str | None, view: Callable[[], HttpResponse]
    ) -> HttpResponse:
        if hasattr(request, "edit_refused"):
            return view()

        def act() -> dict[str, Any]:
            self._refuse_unseen(request, object_id)
            request.edited_row = None  # type: ignore[attr-defined]
            response = view()
            row = request.edited_row  # type: ignore[attr-defined]
            if row is None:
                raise _NotSaved(response)
            answered.append(response)
            return {"to": response.get("Location", ""), "row": str(row.pk)}

        answered: list[HttpResponse] = []
        kind = f"form.{self.opts.label_lower}"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                done = idempotent(kind, request.POST.get(KEY, ""), typed_digest(request), act)
        except _NotSaved as refused:
            return refused.response
        if answered:
            return answered[0]
        messages.info(request, _("This form was applied before; it is not applied again."))
        return HttpResponseRedirect(done["to"] or self._address_of(done["row"]))

    def log_addition(self, request: HttpRequest, obj: Any, _message: Any) -> None:
        """Note what was stored. The framework's log is left alone: the audit event has it."""
        request.edited_row = obj  # type: ignore[attr-defined]

    def log_change(self, request: HttpRequest, obj: Any, _message: Any) -> None:
        """Note what was stored, as above."""
        request.edited_row = obj  # type: ignore[attr-defined]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form; one that may not be applied says why instead of being stored."""
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        refused = getattr(request, "edit_refused", None)
        return form if refused is None else _refusing(form, sentence(refused))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the two hidden fields, and both versions where somebody else was faster."""
        obj = kwargs.get("obj")
        context[KEY] = request.POST.get(KEY) or new_request_key()
        context[SEEN] = self._digest_shown(request, obj)
        refused = getattr(request, "edit_refused", None)
        if refused is not None:
            context[KEY] = new_request_key()
            context["edit_differences"] = list(self._differences(request, obj, context))
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def _digest_shown(self, request: HttpRequest, obj: Any) -> str:
        """Return the digest of what is recorded; the row in hand may hold what was typed."""
        if request.method != "POST":
            return self.rows_digest(request, obj) if obj is not None else ""
        return getattr(request, "rows_now", "")

    def rows_digest(self, request: HttpRequest, obj: models.Model) -> str:
        """Return the digest of a row and of the rows that stand on its page."""
        shown = [self._columns(obj)]
        for inline in self.get_inline_instances(request, obj):  # type: ignore[attr-defined]
            shown += [self._columns(row) for row in _rows_of(inline, request, obj)]
        text = json.dumps(shown, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _refuse_unseen(self, request: HttpRequest, object_id: str | None) -> None:
        """Lock the row and compare it with what the page showed.

        Raises:
            Refused: `admin.edit.page_incomplete`.
            Conflict: `admin.edit.changed_meanwhile`.
        """
        if object_id is None:
            return
        obj = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if obj is None:
            return  # the page says so itself
        rows = type(obj).objects.select_for_update(no_key=True)  # type: ignore[attr-defined]
        obj.refresh_from_db(from_queryset=rows)
        now = self.rows_digest(request, obj)
        request.rows_now = now  # type: ignore[attr-defined]
        if not request.POST.get(SEEN):
            raise Refused("admin.edit.page_incomplete")
        if request.POST[SEEN] != now:
            raise Conflict("admin.edit.changed_meanwhile")

    def _columns(self, row: models.Model) -> list[str]:
        return [
            row._meta.label_lower,
            *(
                f"{field.attname}={field.value_to_string(row)}"
                for field in row._meta.concrete_fields
                # A sealed value looks different each time it is sealed; its digest is a column.
                if field.name not in self.unwatched_columns and not isinstance(field, EncryptedText)
            ),
        ]

    def _differences(
        self, request: HttpRequest, obj: Any, context: dict[str, Any]
    ) -> Iterator[tuple[Any, Any, Any]]:
        """Yield label, what was typed and what is recorded now, where they differ."""
        yield from _differences_of(context["adminform"].form)
        shown = set()
        for formset in context["inline_admin_formsets"]:
            for form in formset.formset.initial_forms:
                shown.add((type(form.instance), form.instance.pk))
                name = form.instance._meta.verbose_name
                for label, typed, now in _differences_of(form):
                    yield f"{name} {form.instance}: {label}", typed, now
        for inline in self.get_inline_instances(request, obj) if obj else ():  # type: ignore[attr-defined]
            for row in _rows_of(inline, request, obj):
                if (type(row), row.pk) not in shown:
                    yield row._meta.verbose_name, "", row

    def _address_of(self, row: str) -> str:
        name = f"{self.opts.app_label}_{self.opts.model_name}"  # type: ignore[attr-defined]
        return reverse(f"admin:{name}_change", args=[row])


def _refusing(form: Any, text: str) -> Any:
    """Return the form class with a refusal that no input mends."""

    class Refusing(form):  # type: ignore[misc]
        def clean(self) -> dict[str, Any]:
            cleaned = super().clean()
            self.add_error(None, text)
            return cleaned if cleaned is not None else self.cleaned_data

    return Refusing


def _rows_of(inline: Any, request: HttpRequest, obj: models.Model) -> Iterator[models.Model]:
    link = _get_foreign_key(type(obj), inline.model, fk_name=inline.fk_name)
    yield from inline.get_queryset(request).filter(**{link.name: obj}).order_by("pk")


def _differences_of(form: BaseForm) -> Iterator[tuple[Any, Any, Any]]:
    for name in form.changed_data:
        field = form.fields[name]
        is_secret = isinstance(field.widget, PasswordInput)
        if field.disabled or is_secret:
            continue
        recorded = form.get_initial_for_field(field, name)
        yield form[name].label, _in_words(field, form[name].value()), _in_words(field, recorded)


def _in_words(field: Any, value: Any) -> str | Promise:
    """Return a value as people read it: the word of a choice, yes or no, the text."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    for code, word in getattr(field, "choices", None) or ():
        if value is not None and str(code) == str(value):
            return word
    return "" if value is None else str(value)
