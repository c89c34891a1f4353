"""Releases, documents and the values of the rules with their clauses."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from unfold.decorators import action

from config import calendar
from config.admin_edits import applied_once, new_request_key
from config.admin_site import OfficeModelAdmin, ReadOnlyModelAdmin
from config.error_sentences import sentence
from config.errors import DomainError
from config.identity.file_storage import sealed_answer
from config.offices import roles, scope
from config.offices.models import Office
from config.policy import selectors, services
from config.policy.entry_words import ShownEntry, entry_in_words
from config.policy.files import pack_of_files, regions_of_files
from config.policy.forms import ActivationForm, ValuesForm
from config.policy.models import PolicyDocument, PolicyRelease, ReleaseActivation
from config.policy.tree import PolicyTree


@admin.register(PolicyDocument)
class PolicyDocumentAdmin(OfficeModelAdmin):
    view_act = "policy.view"
    add_act = change_act = "document.change"
    added_verb, changed_verb = "row.added", "row.changed"
    list_display = ("number", "title", "issuer", "issued_on")
    search_fields = ("number", "title")
    fields = ("number", "title", "issuer", "issued_on", "scan")

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.scan_page)
        return [path("scan/<path:name>", page, name="policy_scan"), *super().get_urls()]

    def scan_page(self, _request: HttpRequest, name: str) -> HttpResponseBase:
        """Give out the scan of a document, as an attachment."""
        if not roles.is_allowed(self.view_act):
            raise PermissionDenied
        document = get_object_or_404(PolicyDocument, scan=name)
        ending = name.rpartition(".")[2]
        return sealed_answer(document.scan.storage, name, f"document-{document.pk}.{ending}")


@admin.register(PolicyRelease)
class PolicyReleaseAdmin(ReadOnlyModelAdmin):
    view_act = "policy.view"
    list_display = ("region", "short_digest", "kind", "registered_at", "in_force")
    list_filter = ("region", "kind")
    fields = ("region", "kind", "digest", "registered_at", "registered_by", "activations_text")
    readonly_fields = ("activations_text",)
    actions_list = ("register_from_files",)
    actions_detail = ("activate",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content").prefetch_related("activations")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("values/", view(self.values_page), name="policy_values"),
            path("register/", view(self.register_page), name="policy_register"),
            path("<int:pk>/activate/", view(self.activate_page), name="policy_activate"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("digest"))
    def short_digest(self, release: PolicyRelease) -> str:
        return release.digest[:12]

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def in_force(self, release: PolicyRelease) -> bool:
        found = selectors.activation_in_force(release.region)
        return found is not None and found.release_id == release.pk

    @admin.display(description=gettext_lazy("activations"))
    def activations_text(self, release: PolicyRelease) -> str:
        rows = release.activations.select_related("document", "activated_by")
        return "; ".join(_activation_line(row) for row in rows) or "-"

    def has_register_permission(self, _request: HttpRequest) -> bool:
        return roles.is_allowed("release.register")

    def has_activate_permission(self, _request: HttpRequest, _object_id: Any = None) -> bool:
        return roles.is_allowed("release.activate")

    @action(
        description=gettext_lazy("Register from files"),
        url_path="to-register",
        permissions=["register"],
    )
    def register_from_files(self, _request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:policy_register"))

    @action(
        description=gettext_lazy("Put in force"), url_path="to-activate", permissions=["activate"]
    )
    def activate(self, _request: HttpRequest, object_id: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:policy_activate", args=[object_id]))

    def register_page(self, request: HttpRequest) -> HttpResponse:
        """Show what the files hold beside what is registered; register on POST."""
        if not roles.is_allowed("release.register"):
            raise PermissionDenied
        if request.method == "POST":
            return self._registered(request, request.POST.get("region", ""))
        return self._page(request, "register", _("Register from files"), packs=_packs_of_files())

    def _registered(self, request: HttpRequest, region: str) -> HttpResponse:
        try:
            release = services.policy_release_register(region)
        except DomainError as error:
            messages.error(request, sentence(error))
            return HttpResponseRedirect(reverse("admin:policy_register"))
        messages.success(request, _("Registered: %(release)s") % {"release": release})
        return HttpResponseRedirect(reverse("admin:policy_policyrelease_change", args=[release.pk]))

    def activate_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for day, document and confirmation; put the release in force."""
        if not roles.is_allowed("release.activate"):
            raise PermissionDenied
        release = get_object_or_404(PolicyRelease.objects.defer("content"), pk=pk)
        form = ActivationForm(release, request.POST or None)
        if request.method == "POST":
            try:
                return applied_once(
                    request, "form.activation", lambda: self._activated(request, release, form)
                )
            except DomainError as error:
                form.add_error(None, sentence(error))
        return self._activation_page(request, release, form)

    def _activated(
        self, request: HttpRequest, release: PolicyRelease, form: ActivationForm
    ) -> HttpResponse:
        if not form.is_valid():
            return self._activation_page(request, release, form)
        stated = form.cleaned_data
        services.policy_release_activate(release, stated["active_from"], stated["document_number"])
        messages.success(request, _("The release is in force from the day stated."))
        return HttpResponseRedirect(reverse("admin:policy_policyrelease_change", args=[release.pk]))

    def _activation_page(
        self, request: HttpRequest, release: PolicyRelease, form: ActivationForm
    ) -> HttpResponse:
        facts = {"form": form, "release": release, "request_key": new_request_key()}
        return self._page(request, "activate", _("Put in force"), **facts)

    def values_page(self, request: HttpRequest) -> HttpResponse:
        """List the values in force on a day, each with its clause."""
        if not roles.is_allowed("policy.view"):
            raise PermissionDenied
        regions = sorted(set(PolicyRelease.objects.values_list("region", flat=True)))
        form = ValuesForm(_named(regions), request.GET or None)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        region = asked.get("region") or _own_region(regions)
        found = selectors.release_to_read(region) if region else None
        tree = selectors.release_tree(found.pk) if found else None
        day = asked.get("day") or (_known_day(tree) if tree else None)
        if not form.is_bound:
            form.initial = {"region": region, "day": day}
        entries = _entries(tree, asked.get("key", ""), day) if tree else []
        facts = {"form": form, "entries": entries, "tree": tree, "day": day, "release": found}
        return self._page(request, "values", _("Policy values"), **facts)

    def _page(self, request: HttpRequest, name: str, title: str, **facts: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, **facts}
        return TemplateResponse(request, f"admin/policy/{name}.html", context)


def _activation_line(row: ReleaseActivation) -> str:
    parts = (row.active_from.isoformat(), row.document and row.document.number, row.activated_by)
    return " · ".join(str(part) for part in parts if part)


def _packs_of_files() -> list[dict[str, Any]]:
    registered = {
        (region, digest): pk
        for region, digest, pk in PolicyRelease.objects.values_list("region", "digest", "pk")
    }
    packs = [pack_of_files(region) for region in regions_of_files()]
    return [
        {
            "region": pack.region.id,
            "name_zh": pack.region.name_zh,
            "name_en": pack.region.name_en,
            "digest": pack.digest[:12],
            "release_id": registered.get((pack.region.id, pack.digest)),
        }
        for pack in packs
    ]


def _named(regions: list[str]) -> list[tuple[str, str]]:
    """Return the regions with their names in the reader's language, for a choice."""
    is_chinese = (get_language() or "").startswith("zh")
    named = []
    for code in regions:
        release = selectors.release_to_read(code)
        region = selectors.release_tree(release.pk).region if release else None
        name = (region.name_zh if is_chinese else region.name_en) if region else ""
        named.append((code, f"{name} {code}".strip()))
    return named


def _own_region(regions: list[str]) -> str:
    own = Office.objects.values_list("region", flat=True).get(pk=scope.current().office_id)
    if own in regions or not regions:
        return str(own)
    return regions[0]


def _known_day(tree: PolicyTree) -> Any:
    first, last = tree.region.known
    return min(max(calendar.today(), first), last)


def _entries(tree: PolicyTree, key: str, day: Any) -> list[ShownEntry]:
    wanted = key.strip().lower()
    return [
        entry_in_words(entry)
        for entry in tree.entries()
        if wanted in entry.key and (day is None or entry.start <= day <= entry.last)
    ]
