"""Which addresses a sheet may ask for when it becomes a PDF: our own static files, nothing else."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

# A name that no resolver knows (RFC 2606): relative addresses of a sheet become addresses below it.
BASE = "https://own-files.invalid/"
TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


class ForeignAddress(ValueError):
    """A sheet asked for something that is not one of our static files."""


def own_file(url: str) -> Path:
    """Return the file behind an address of a sheet.

    Raises:
        ForeignAddress: not below our static address, not of a kind a sheet uses, or no file.
    """
    parts = urlsplit(url)
    prefix = urlsplit(static("")).path
    path = unquote(parts.path)
    if not url.startswith(BASE) or not path.startswith(prefix):
        raise ForeignAddress(url)
    name = path.removeprefix(prefix)
    if Path(name).suffix not in TYPES or ".." in Path(name).parts:
        raise ForeignAddress(url)
    found = finders.find(name)
    # Collected files carry a digest in their names; the finders know the plain ones only.
    root = settings.STATIC_ROOT
    if found is None and root and (Path(root) / name).is_file():
        return Path(root) / name
    if not isinstance(found, str):
        raise ForeignAddress(url)
    return Path(found)
