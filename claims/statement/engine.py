"""WeasyPrint, without the network. Imported when a PDF is asked for: it needs Pango on the machine."""

from __future__ import annotations

import logging

from weasyprint import HTML, Document
from weasyprint.urls import URLFetcher, URLFetcherResponse

from claims.statement.own_files import BASE, TYPES, own_file

# Each sheet would write a dozen lines about fonts and steps.
for _name in ("weasyprint", "weasyprint.progress", "fontTools"):
    logging.getLogger(_name).setLevel(logging.ERROR)


class OwnFiles(URLFetcher):
    """Hands out static files of the product and refuses everything else."""

    def fetch(  # the signature is the library's
        self,
        url: str,
        headers: dict[str, str] | None = None,  # noqa: ARG002
    ) -> URLFetcherResponse:
        """Return one static file.

        Raises:
            ForeignAddress: any other address, of this machine or of another.
        """
        path = own_file(url)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})


def laid_out(html: str) -> Document:
    """Return a page laid out on paper."""
    return HTML(string=html, base_url=BASE, url_fetcher=OwnFiles()).render()
