"""The browser of the tests: the machine's Chromium, or a skip that is said aloud."""

import os
import shutil

import pytest

CHROMIUM = os.environ.get("CHROMIUM_BIN") or shutil.which("chromium")
# Playwright's loop runs in the thread of the test, where Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def skip_without_browser(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip browser tests on a machine without Chromium; refuse that on the build server."""
    if CHROMIUM:
        return
    found = [item for item in items if item.get_closest_marker("browser")]
    if found and os.environ.get("CI") == "true":
        raise pytest.UsageError("Chromium is missing: the build server must run browser tests.")
    for item in found:
        item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
    config.stash[SKIPPED] = len(found)


SKIPPED = pytest.StashKey[int]()


def print_skipped_browser_tests(terminalreporter, config):
    """Say in the last lines what was not tried."""
    skipped = config.stash.get(SKIPPED, 0)
    if skipped:
        terminalreporter.write_sep("=", "browser tests skipped", yellow=True)
        terminalreporter.write_line(
            f"{skipped} browser tests did not run: no Chromium was found. Install `chromium` and"
            " `fonts-noto-cjk`, or name the program in CHROMIUM_BIN."
        )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",  # inside a container as root; it opens pages of this test server only
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1366, "height": 768},
    }
