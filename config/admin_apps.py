"""Wiring of the admin: our one site takes the place of the framework's."""

from django.contrib.admin.apps import AdminConfig


class OfficeAdminConfig(AdminConfig):
    default_site = "config.admin_site.OfficeAdminSite"
