"""Every package is pinned by version and hash, and no list names a host."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = ["requirements.txt", "requirements-dev.txt"]
PIN = re.compile(r"^[A-Za-z0-9._-]+==[^ ]+( ;.*)? \\$")


@pytest.mark.parametrize("name", LISTS)
def test_every_package_has_a_version_and_a_hash(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [number for number, line in enumerate(lines) if line and line[0] not in " #"]
    assert len(pins) > 20
    for number in pins:
        assert PIN.match(lines[number]), lines[number]
        assert lines[number + 1].startswith("    --hash=sha256:"), lines[number]


@pytest.mark.parametrize("name", LISTS)
def test_no_list_names_a_host_or_a_folder(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--extra-index" not in text
    assert "--find-links" not in text


def test_both_lists_agree():
    def pins(name):
        text = (ROOT / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ]+)", text, flags=re.MULTILINE))

    product, development = map(pins, LISTS)
    shared = product.keys() & development.keys()
    assert shared
    assert {name: product[name] for name in shared} == {name: development[name] for name in shared}
