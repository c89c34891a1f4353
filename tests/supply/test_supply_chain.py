"""Known holes, pins and hashes: refused offline, whatever an online tool may say."""

import hashlib
import re
import subprocess
import sys
import zipfile
from datetime import date, timedelta

import pytest
from packaging.version import Version

from tests.supply.floors import FLOORS, LISTS, ROOT, below, pins_of, read_floors

REVIEW_DAYS = 30


@pytest.fixture(scope="module")
def floors():
    return read_floors(FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pins():
    return {
        name: version
        for each in LISTS
        for name, version in pins_of((ROOT / each).read_text(encoding="utf-8")).items()
    }


@pytest.mark.row("I-1")
def test_no_pin_lies_below_its_floor(pins, floors, tried):
    tried(len(floors.lowest))
    assert below(pins, floors) == []


@pytest.mark.row("I-1")
def test_one_version_below_its_floor_is_refused(pins, floors, tried):
    for package, lowest in floors.lowest.items():
        lowered = pins | {package: Version(f"{lowest.major}.{lowest.minor}.{lowest.micro}rc1")}
        assert below(lowered, floors) == [f"{package} {lowered[package]} < {lowest}"]
    tried(len(floors.lowest))


@pytest.mark.row("I-1")
def test_a_package_that_is_skipped_counts_as_failure(floors):
    assert len(below({}, floors)) == len(floors.lowest)


@pytest.mark.row("I-1")
@pytest.mark.parametrize(
    "entry",
    [
        "{package: a, lowest: 1.0}",
        "{package: a, lowest: 1.0, closes: ''}",
        "{package: a, lowest: 1.0, closes: b}\n  - {package: a, lowest: 2.0, closes: b}",
    ],
)
def test_a_floor_that_says_nothing_is_refused(entry):
    with pytest.raises(ValueError, match=r"named twice|an entry reads"):
        read_floors(f"looked_up_on: 2026-11-25\nfloors:\n  - {entry}\n")


@pytest.mark.row("I-1")
@pytest.mark.nightly
def test_the_advisories_were_read_this_month(floors):
    assert date.today() - floors.looked_up_on <= timedelta(days=REVIEW_DAYS)  # noqa: DTZ011  a day of the calendar on the wall


@pytest.fixture
def wheel(tmp_path):
    """Make the smallest package that installs."""
    name = tmp_path / "desk_sample-1.0-py3-none-any.whl"
    files = {
        "desk_sample.py": "",
        "desk_sample-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: desk-sample\nVersion: 1.0\n",
        "desk_sample-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "desk_sample-1.0.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(name, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return name


def install(wheel, digest, target):
    """Install as the Makefile does, from a folder instead of an index."""
    options = re.search(r"^PIP := .*pip install (.*)$", (ROOT / "Makefile").read_text(), re.M)
    requirement = wheel.parent / "requirements.txt"
    requirement.write_text(f"desk-sample==1.0 \\\n    --hash=sha256:{digest}\n")
    return subprocess.run(
        [
            sys.executable, "-m", "pip", "install", *options[1].split(), "--no-index",
            "--find-links", str(wheel.parent), "--target", str(target), "-r", str(requirement),
        ],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


@pytest.mark.row("I-2")
def test_an_altered_hash_is_refused(wheel, tmp_path, tried):
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert install(wheel, digest, tmp_path / "right").returncode == 0
    assert (tmp_path / "right" / "desk_sample.py").exists()
    altered = ("0" if digest[0] != "0" else "1") + digest[1:]
    refused = install(wheel, altered, tmp_path / "wrong")
    assert refused.returncode != 0
    assert "DO NOT MATCH" in refused.stderr
    assert not (tmp_path / "wrong" / "desk_sample.py").exists()
    tried(2)


PERMISSIVE = re.compile(
    r"\b(?:MIT|MIT-0|MIT-CMU|BSD|0BSD|BSD-\d-Clause|Apache|Apache-2\.0|PSF-2\.0|Unlicense|Zlib|CC0-1\.0)\b"
)
# What is not permissive and stands all the same, with the reason.
OTHER_LICENCES = {
    "psycopg": "LGPL: named by the users of this project; used as a library, unchanged",
    "psycopg-binary": "LGPL: as psycopg",
    "pyphen": "offers the MPL beside the GPL; used as a library, unchanged",
    "hypothesis": "MPL, tests only",
    "pathspec": "MPL, tests only",
    "text-unidecode": "offers the Artistic License beside the GPL, tests only",
    "axe-playwright-python": "states none in its record; MIT by its own file, tests only",
    "yamllint": "GPL; a program run on files, never imported, not part of the product",
}


@pytest.mark.row("I-2")
def test_the_list_of_components_states_every_licence(tried):
    listed = subprocess.run(
        [sys.executable, ROOT / ".ci" / "components"], capture_output=True, text=True, check=True
    ).stdout
    lines = [line.split("\t") for line in listed.splitlines() if not line.startswith("#")]
    tried(len(lines))
    assert len(lines) > 100
    other = {name for name, _version, licence in lines if not PERMISSIVE.search(licence)}
    assert other == set(OTHER_LICENCES)
    assert not any("AGPL" in licence or "Affero" in licence for _name, _version, licence in lines)
