"""The sheet as PDF: the same template as on the screen, our own style sheet, no network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import get_language, override
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from claims.statement.sheet import Sheet

LANGUAGE = "zh-hans"
DENSEST = 2
# No such scheme exists: an address that is not one of our own files cannot be asked for.
BASE = "desk://"
TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


class ForeignAddress(ValueError):
    """A sheet asked for something that is not one of our static files."""


class OwnFiles(URLFetcher):
    """Hands out static files of the product and refuses everything else."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return one static file.

        Raises:
            ForeignAddress: any other address, of this machine or of another.
        """
        path = own_file(url)
        kind = TYPES[path.suffix]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def own_file(url: str) -> Path:
    """Return the file behind an address of a sheet.

    Raises:
        ForeignAddress: not below our static address, not of a kind a sheet uses, or no file.
    """
    parts = urlsplit(url)
    prefix = urlsplit(static("")).path
    path = unquote(parts.path)
    if f"{parts.scheme}://" != BASE or parts.netloc or not path.startswith(prefix):
        raise ForeignAddress(url)
    name = path.removeprefix(prefix)
    # Collected files carry a digest in their names; the finders know the plain ones.
    found = finders.find(name) or (
        staticfiles_storage.path(name) if staticfiles_storage.exists(name) else None
    )
    if not isinstance(found, str) or Path(found).suffix not in TYPES:
        raise ForeignAddress(url)
    return Path(found)


def sheet_html(sheet: Sheet, template: str = "claims/statement/print.html") -> str:
    """Return the sheet as a page of its own, in the active language."""
    return render_to_string(template, {"sheet": sheet, "language": get_language()})


def sheet_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as PDF of one page; lines move closer until it fits.

    Raises:
        ValueError: it does not fit at any density; nothing is cut off silently.
    """
    for density in range(sheet.density, DENSEST + 1):
        html = sheet_html(replace(sheet, density=density))
        document = HTML(string=html, base_url=BASE, url_fetcher=OwnFiles()).render()
        if len(document.pages) == 1:
            return bytes(document.write_pdf())
    raise ValueError(f"statement {sheet.number} does not fit one page")


def in_chinese() -> override:
    """Return the language of a sheet: a legal paper is Chinese whatever the clerk reads."""
    return override(LANGUAGE)
