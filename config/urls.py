"""Addresses of the product. Wiring only."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config.web.reports import policy_report

handler500 = "config.failures.failed"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/login/", include("config.sign_in.urls")),
    path("admin/", admin.site.urls),
    path("policy-report/", policy_report, name="policy_report"),
    path("api/v1/", include("claims.api.urls")),
    path("", include("config.health.urls")),
]
