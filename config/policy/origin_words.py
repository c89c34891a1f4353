"""The origin of a value in the reader's language.

Notices are named by number and clause, the same in every language. Sources from outside the
notices and reasons for not knowing are English texts of the packs; the catalogue holds them
like any other text, and a test reads them from the packs.
"""

from __future__ import annotations

from django.utils import translation

from config.policy.citation import Citation

pack_text = translation.gettext


def source_in_words(citation: Citation) -> str:
    """Return where a value from outside the notices was found, and what is to be known of it."""
    return "；".join(pack_text(part) for part in (citation.where, citation.note) if part)


def why_not_known(citation: Citation) -> str:
    """Return why the pack does not know a value."""
    return pack_text(citation.why) if citation.why else ""
