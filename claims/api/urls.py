"""Addresses of the machine interface, version 1."""

from django.urls import path, re_path

from claims.api import documentation, views

app_name = "api"

urlpatterns = [
    path("settlements/preview/", views.PreviewView.as_view(), name="preview"),
    path("settlements/confirm/", views.ConfirmView.as_view(), name="confirm"),
    path("settlements/<uuid:setl_id>/reverse/", views.ReverseView.as_view(), name="reverse"),
    path("statements/<uuid:setl_id>/", views.StatementView.as_view(), name="statement"),
    path(
        "statements/by-number/<str:bill_number>/",
        views.StatementByNumberView.as_view(),
        name="statement_by_number",
    ),
    path("coverage/", views.CoverageView.as_view(), name="coverage"),
    path("schema/", documentation.SchemaView.as_view(), name="schema"),
    path("docs/", documentation.DocsView.as_view(), name="docs"),
    re_path(r"", views.UnknownView.as_view(), name="unknown"),
]
