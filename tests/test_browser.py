"""Browser tests are never dropped in silence."""

from types import SimpleNamespace

import pytest

from tests import browser


class Item:
    def __init__(self, *, is_browser):
        self.is_browser = is_browser
        self.markers = []

    def get_closest_marker(self, name):
        return name == "browser" and self.is_browser

    def add_marker(self, marker):
        self.markers.append(marker.name)


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(browser, "CHROMIUM", None)
    monkeypatch.delenv("CI", raising=False)
    config = SimpleNamespace(stash=pytest.Stash())
    return config, [Item(is_browser=True), Item(is_browser=False)]


def test_without_chromium_they_are_skipped_and_the_last_lines_say_so(run):
    config, items = run
    browser.skip_without_browser(config, items)
    assert [item.markers for item in items] == [["skip"], []]
    lines = []
    reporter = SimpleNamespace(write_sep=lambda *_, **__: None, write_line=lines.append)
    browser.print_skipped_browser_tests(reporter, config)
    assert lines[0].startswith("1 browser tests did not run: no Chromium was found.")


def test_on_the_build_server_a_missing_chromium_is_refused(run, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.UsageError, match="must run browser tests"):
        browser.skip_without_browser(*run)


def test_with_chromium_all_run(run, monkeypatch):
    monkeypatch.setattr(browser, "CHROMIUM", "/usr/bin/chromium")
    config, items = run
    browser.skip_without_browser(config, items)
    assert [item.markers for item in items] == [[], []]
