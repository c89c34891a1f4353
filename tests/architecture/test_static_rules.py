"""Every rule about source holds in the product, and is caught by a seeded bad sample."""

import ast
from pathlib import Path

import pytest

from tests.architecture.static_rules import REVIEWED, RULES

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "enrollment", "claims", "assistance", "poverty_monitoring")
# One or more bad samples per rule; each must be found once.
BAD_SAMPLES = {
    "interpolated_sql": [
        "cursor.execute(f'SELECT * FROM t WHERE name = {name}')",
        "cursor.execute('SELECT * FROM t WHERE name = ' + name)",
        "cursor.execute('SELECT * FROM t WHERE name = %s' % name)",
        "cursor.execute('SELECT * FROM t WHERE name = {}'.format(name))",
        "cursor.executemany(f'DELETE FROM {table}', rows)",
    ],
    "raw_sql": [
        "Person.objects.raw('SELECT 1')",
        "Person.objects.extra(where=['1 = 1'])",
        "Person.objects.annotate(a=RawSQL('1', []))",
    ],
    "marked_safe": [
        "mark_safe(name)",
        "SafeString(name)",
        "format_html(name)",
        "format_html(f'<b>{name}</b>')",
        "format_html_join('', pattern, rows)",
    ],
    "request_as_keywords": [
        "Person.objects.filter(**request.GET.dict())",
        "Person.objects.exclude(**form.cleaned_data)",
        "Person.objects.order_by(request.GET['order'])",
        "Person.objects.values(*request.data)",
        "Person.objects.create(**request.data)",
    ],
    "message_inside_transaction": [
        "chunk_run.delay(1)",
        "chunk_run.apply_async(kwargs={})",
        "app.send_task('chunk_run')",
    ],
    "clock_of_its_own": [
        "datetime.now()",
        "date.today()",
        "timezone.now()",
        "time.time()",
        "default = timezone.localdate",
    ],
    "unsafe_loader": [
        "import pickle",
        "from marshal import loads",
        "yaml.unsafe_load(text)",
    ],
    "unscoped_manager": [
        "Person._base_manager.all()",
        "model._default_manager.get(pk=1)",
        "Person._meta.base_manager",
    ],
}
GOOD_SAMPLES = {
    "interpolated_sql": [
        "cursor.execute(STATEMENT, [name])",
        "cursor.execute(sql.SQL('SELECT {}').format(sql.Identifier(name)))",
    ],
    "marked_safe": ["format_html('<b>{}</b>', name)", "format_html_join('', '<b>{}</b>', rows)"],
    "message_inside_transaction": ["transaction.on_commit(lambda: task.apply_async(kwargs=k))"],
    "request_as_keywords": ["Person.objects.filter(name=request.GET['name'])"],
}


def findings():
    """Return (rule, file) to the lines found, over the whole product."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for name, rule in RULES.items():
                lines = sorted(rule(tree))
                if lines:
                    found[name, str(path.relative_to(ROOT))] = lines
    return found


@pytest.mark.row("I-4", "F5")
def test_no_source_breaks_a_rule(tried):
    found = findings()
    tried(len(RULES))
    assert {place: lines for place, lines in found.items() if place not in REVIEWED} == {}
    assert set(REVIEWED) <= set(found), "a reviewed place that no longer needs its exception"


@pytest.mark.row("I-4")
@pytest.mark.parametrize(
    ("rule", "sample"),
    [(rule, sample) for rule, samples in BAD_SAMPLES.items() for sample in samples],
)
def test_a_bad_sample_is_caught(rule, sample):
    assert len(list(RULES[rule](ast.parse(sample)))) == 1


def test_every_rule_has_a_bad_sample():
    assert set(BAD_SAMPLES) == set(RULES)


@pytest.mark.parametrize(
    ("rule", "sample"),
    [(rule, sample) for rule, samples in GOOD_SAMPLES.items() for sample in samples],
)
def test_a_good_sample_passes(rule, sample):
    assert list(RULES[rule](ast.parse(sample))) == []


@pytest.mark.row("F3")
def test_no_template_lets_markup_through():
    marks = ("|safe", "autoescape off", "|safeseq")
    templates = [*(ROOT / "templates").rglob("*.html"), *ROOT.glob("*/templates/**/*.html")]
    assert len(templates) > 20
    found = [
        str(path.relative_to(ROOT))
        for path in templates
        if any(mark in path.read_text(encoding="utf-8").replace(" |", "|") for mark in marks)
    ]
    assert found == []
