"""The look of the admin: django-unfold in teal, entries by desk task."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": _("Medical insurance desk"),
    "SITE_HEADER": _("Medical insurance desk"),
    "SITE_SUBHEADER": "config.admin_site.office_name",
    "SITE_SYMBOL": "health_and_safety",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("desk/favicon.svg"),
        },
    ],
    "STYLES": [lambda _request: static("desk/theme.css")],
    "ENVIRONMENT": "config.admin_site.environment",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "6px",
    "COLORS": {
        "base": {
            "50": "247 249 250",
            "100": "240 244 245",
            "200": "223 230 232",
            "300": "200 210 213",
            "400": "147 162 167",
            "500": "88 104 110",
            "600": "68 83 89",
            "700": "50 63 69",
            "800": "30 41 48",
            "900": "19 28 35",
            "950": "11 17 22",
        },
        "primary": {
            "50": "238 248 249",
            "100": "214 238 241",
            "200": "173 220 226",
            "300": "124 197 206",
            "400": "72 168 180",
            "500": "46 152 165",
            "600": "11 103 115",
            "700": "9 87 98",
            "800": "9 71 80",
            "900": "9 58 66",
            "950": "4 36 42",
        },
        "font": {
            # Grey small print keeps a contrast of 4.5 on every background it stands on.
            "subtle-light": "var(--color-base-600)",
            "subtle-dark": "var(--color-base-300)",
            "default-light": "var(--color-base-700)",
            "default-dark": "var(--color-base-200)",
            "important-light": "var(--color-base-900)",
            "important-dark": "var(--color-base-100)",
        },
    },
    # What is typed may be an ID number: rows are not searched from here, nothing is remembered.
    "COMMAND": {"search_models": False, "show_history": False},
    "ACCOUNT": {
        "navigation": [
            {"title": _("My sign-in"), "link": reverse_lazy("admin:sign_in_own")},
        ]
    },
    "SIDEBAR": {
        "show_search": False,
        "command_search": False,
        "show_all_applications": False,
        "navigation": "config.admin_navigation.groups",
    },
}
