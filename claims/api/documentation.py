"""The schema and its page, for staff: from our own files, under the strict policy."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.conf import settings
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from config.offices import roles

strict = method_decorator(csp_replace(settings.STRICT_CONTENT_SECURITY_POLICY), name="dispatch")


class IsStaff(BasePermission):
    """Open to whoever is signed in and works at an office today."""

    def has_permission(self, _request: Request, _view: object) -> bool:
        return roles.is_allowed("workbench.view")


@strict
class SchemaView(SpectacularAPIView):
    """The description of the interface (OpenAPI)."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [IsStaff]
    metadata_class = None


@strict
class DocsView(SpectacularSwaggerSplitView):
    """The description as a page."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [IsStaff]
    metadata_class = None
    url_name = "api:schema"
    template_name = "claims/api/docs.html"
