"""Labels of models say what the glossary says, wherever it names their identifier."""

import pytest
import yaml
from django.apps import apps
from django.utils import translation

from config.policy.loader import REGIONS

OURS = {"config", "enrollment", "claims", "assistance", "poverty_monitoring"}
# Identifier and label -> why the label is not the word of the glossary.
SAID_OTHERWISE = {
    ("release", "政策版本"): "short, beside the region's name",
    ("category", "人员类别"): "short, as offices say it",
    ("clause", "政策依据"): "of a spell of cover: the grounds, which may be more than a clause",
    ("off_area", "就医地"): "the place, of which care elsewhere is one value",
    ("coverage", "查询参保状态"): "an act of the interface that asks for cover",
}


def words():
    rows = yaml.safe_load((REGIONS.parent / "glossary.yaml").read_text(encoding="utf-8"))
    return {row["identifier"]: (row["zh"], *row.get("also", ())) for row in rows}


def labels():
    """Yield identifier and Chinese label of every model, field and choice of ours."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in OURS:
            continue
        yield model._meta.model_name, model._meta.verbose_name
        for field in model._meta.get_fields():
            if hasattr(field, "verbose_name"):
                yield field.name.removesuffix("_fen"), field.verbose_name
            yield from getattr(field, "flatchoices", None) or ()


@pytest.fixture(scope="module")
def found():
    with translation.override("zh-hans"):
        return {(name, str(label)) for name, label in labels() if name in words()}


def test_labels_are_words_of_the_glossary(found):
    said = words()
    other = {
        (name, label) for name, label in found if not any(word in label for word in said[name])
    }
    assert other - set(SAID_OTHERWISE) == set()


def test_what_is_said_otherwise_is_still_said(found):
    assert set(SAID_OTHERWISE) <= found


def test_enough_labels_are_bound(found):
    bound = {name for name, _ in found}
    assert {"in_scope", "own_share", "own_within", "own_outside", "minimum_living"} <= bound
    assert len(bound) > 40
