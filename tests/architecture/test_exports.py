"""Lists of people leave this product on paper only: there is no export, and a first one is noticed.

An export of more than 1,000 rows would need a second person (D10), a purpose and a watermark (G5).
Until such a service exists nothing may answer with a table file.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "enrollment", "claims", "assistance", "poverty_monitoring")
EXPORT = re.compile(
    r"import_export\b|ExportMixin|ExportActionMixin|text/csv|\bcsv\.writer|openpyxl|xlsxwriter"
    r"|spreadsheetml|FileResponse|StreamingHttpResponse"
)
# Where such a word stands for something else.
ALLOWED = {
    "config/settings/base.py": "the package is installed for lists of reference data",
    "config/identity/file_storage.py": "a stored scan, opened as it was stored",
}


def exporters(sources):
    return {name for name, text in sources.items() if EXPORT.search(text)} - set(ALLOWED)


@pytest.mark.row("D10", "G5")
def test_no_page_answers_with_a_table_of_people(tried):
    sources = {
        str(path.relative_to(ROOT)): path.read_text("utf-8")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    tried(len(sources))
    assert exporters(sources) == set()


@pytest.mark.row("D10")
@pytest.mark.parametrize(
    "planted",
    [
        "class PersonAdmin(ExportMixin, OfficeModelAdmin): ...",
        'HttpResponse(rows, content_type="text/csv")',
        "book = openpyxl.Workbook()",
    ],
)
def test_a_planted_export_is_noticed(planted):
    assert exporters({"claims/admin/planted.py": planted}) == {"claims/admin/planted.py"}
