"""The sheet as PDF: the same template as on the screen, our own style sheet, no network."""

from __future__ import annotations

from dataclasses import replace

from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from claims.statement.sheet import Sheet
from config.errors import Refused

LANGUAGE = "zh-hans"
DENSEST = 2


def sheet_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as PDF of one page; lines move closer until it fits.

    Raises:
        Refused: `claims.statement.no_pdf`, this machine lacks the libraries; the page of the
            browser can still be printed.
        ValueError: it does not fit at any density; nothing is cut off silently.
    """
    try:
        from claims.statement.engine import laid_out
    except OSError as error:
        raise Refused("claims.statement.no_pdf") from error
    for density in range(sheet.density, DENSEST + 1):
        document = laid_out(sheet_html(replace(sheet, density=density)))
        if len(document.pages) == 1:
            return bytes(document.write_pdf())
    raise ValueError(f"statement {sheet.number} does not fit one page")


def sheet_html(sheet: Sheet) -> str:
    """Return the sheet as a page of its own, in the active language."""
    context = {"sheet": sheet, "language": get_language()}
    return render_to_string("claims/statement/print.html", context)


def closer(sheet: Sheet) -> Sheet:
    """Return the sheet one step denser: browsers set it wider, and nobody counts their pages."""
    return replace(sheet, density=min(sheet.density + 1, DENSEST))


def in_chinese() -> override:
    """Return the language of a sheet: a legal paper is Chinese whatever the clerk reads."""
    return override(LANGUAGE)
