"""The Chinese catalogue holds every text staff can meet, and nothing else."""

import re
from pathlib import Path

import django
import import_export
import polib
import pytest
import rest_framework
import unfold
from django.apps import apps
from django.contrib import admin
from django.utils import translation

from config.local.catalogue import LOCALE_DIR
from tests.architecture.messages import (
    Message,
    Unreadable,
    messages_in,
    pack_messages,
    python_messages,
    template_messages,
)

ROOT = LOCALE_DIR.parent
OUR_FOLDERS = ["assistance", "claims", "config", "enrollment", "poverty_monitoring", "templates"]
OUR_APPS = {"policy", "offices", "audit", "enrollment", "claims", "assistance"}
# Packages with Chinese of their own; ours says it otherwise, or says what they leave out.
PACKAGES = [Path(package.__file__).parent for package in (django, import_export, rest_framework)]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
ENGLISH = re.compile(r"[A-Za-z]{2,}")
# What is written in Latin letters in Chinese too.
LATIN = re.compile(r"API|ID|IP|JSON|PDF|SHA256|UTF-8|Swagger")


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(LOCALE_DIR / "zh_Hans" / "LC_MESSAGES" / "django.po"))


@pytest.fixture(scope="module")
def our_messages():
    found = {}
    for folder in OUR_FOLDERS:
        found = {**messages_in(ROOT / folder), **found}
    packs = "config/policy/regions"
    return {**dict.fromkeys(pack_messages(ROOT / packs), packs), **found}


@pytest.fixture(scope="module")
def theme_messages():
    return messages_in(Path(unfold.__file__).parent)


def key_of(entry):
    return entry.msgctxt or "", entry.msgid


def texts_of(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def keys_of_packages():
    """What the catalogues of Django and the packages say in Chinese."""
    files = [path for folder in PACKAGES for path in folder.rglob("locale/zh_Hans/**/django.mo")]
    return {key_of(e) for path in files for e in polib.mofile(str(path)) if all(texts_of(e))}


def test_every_text_of_ours_is_in_chinese(catalogue, our_messages):
    held = {key_of(entry) for entry in catalogue.translated_entries()}
    missing = {m.singular: at for m, at in our_messages.items() if m.key not in held}
    assert missing == {}


def test_every_text_of_the_theme_is_in_chinese(catalogue, theme_messages):
    held = {key_of(entry) for entry in catalogue.translated_entries()} | keys_of_packages()
    missing = {m.singular: at for m, at in theme_messages.items() if m.key not in held}
    assert missing == {}


def test_no_entry_is_empty_fuzzy_or_given_up(catalogue):
    poor = [e for e in catalogue if e.fuzzy or e.obsolete or not all(texts_of(e))]
    assert poor == []


def test_placeholders_survive(catalogue):
    wrong = [
        entry.msgid
        for entry in catalogue
        for text in texts_of(entry)
        if set(PLACEHOLDER.findall(text))
        != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    ]
    assert wrong == []


def test_plural_texts_are_entered_as_plurals(catalogue, our_messages, theme_messages):
    held = {key_of(entry): entry.msgid_plural for entry in catalogue}
    every = {**theme_messages, **our_messages}
    assert [m for m in every if m.plural and held.get(m.key, m.plural) != m.plural] == []


def test_nothing_is_held_that_nobody_says(catalogue, our_messages, theme_messages):
    said = {m.key for m in (*our_messages, *theme_messages)}
    unknown = [key_of(entry) for entry in catalogue if key_of(entry) not in said]
    assert unknown == []


def labels_of(model):
    yield model._meta.verbose_name
    yield model._meta.verbose_name_plural
    for field in model._meta.get_fields():
        if field.concrete and field.editable and not field.auto_created:
            yield field.verbose_name
            yield field.help_text
            yield from (label for _value, label in field.flatchoices)


def test_models_shown_have_no_english_label():
    with translation.override("zh-hans"):
        english = [
            (model._meta.label, text)
            for model in admin.site._registry
            if model._meta.app_label in OUR_APPS
            for text in map(str, labels_of(model))
            if ENGLISH.search(LATIN.sub("", text))
        ]
    assert english == []


def test_apps_are_named_in_chinese():
    with translation.override("zh-hans"):
        names = [str(apps.get_app_config(label).verbose_name) for label in sorted(OUR_APPS)]
    assert [name for name in names if ENGLISH.search(name)] == []


def test_texts_of_python_are_found():
    source = (
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy\n"
        "a = _('One ' 'text')\n"
        "b = ngettext('%(n)s bill', '%(n)s bills', n)\n"
        "c = pgettext_lazy('person', 'name')\n"
    )
    assert sorted(python_messages(source)) == [
        Message("%(n)s bill", "%(n)s bills"),
        Message("One text"),
        Message("name", context="person"),
    ]


def test_a_text_made_at_run_time_is_refused():
    source = "from django.utils.translation import gettext\ngettext(f'Bill {number}')\n"
    with pytest.raises(Unreadable):
        list(python_messages(source))


def test_texts_of_templates_are_found():
    source = (
        "{% load i18n %}{% translate 'Now' %}{% trans \"Change\" context 'money' %}"
        "{% blocktranslate trimmed with at=day %}\n  Draft of\n  {{ at }}\n{% endblocktranslate %}"
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        "{% if a == _('Yes') %}{% endif %}"
    )
    assert sorted(template_messages(source)) == [
        Message("%(n)s day", "%(n)s days"),
        Message("Change", context="money"),
        Message("Draft of %(at)s"),
        Message("Now"),
        Message("Yes"),
    ]
