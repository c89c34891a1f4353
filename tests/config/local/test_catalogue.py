import gettext
import os

from config.local.catalogue import compile_catalogues

ENTRY = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Bill"\nmsgstr "账单"\n'
)


def test_a_catalogue_is_compiled_once_and_again_after_a_change(tmp_path):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(ENTRY, encoding="utf-8")
    assert compile_catalogues(tmp_path) == [folder / "django.mo"]
    with (folder / "django.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Bill") == "账单"
    assert compile_catalogues(tmp_path) == []


def test_an_older_file_brought_back_is_compiled_again(tmp_path):
    source = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(ENTRY, encoding="utf-8")
    compile_catalogues(tmp_path)
    source.write_text(ENTRY.replace("账单", "单据"), encoding="utf-8")
    os.utime(source, (0, 0))
    assert compile_catalogues(tmp_path) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Bill") == "单据"
