"""A backup target holds whole files; none is replaced, none half-written stays."""

from io import BytesIO

import pytest

from config.backup.sealed_stream import StreamBroken
from config.backup.shelf import Differs, Shelf
from config.identity.cipher import KeyRing

RING = KeyRing.read(["a:" + "A" * 43 + "="])


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "target", RING)


def read(shelf, kind, name):
    plain = BytesIO()
    shelf.get(kind, name, plain)
    return plain.getvalue()


def files(shelf):
    return sorted(path.name for path in shelf.folder.rglob("*") if path.is_file())


def test_what_is_put_is_read_back_and_is_private(shelf):
    shelf.put("base", "one", BytesIO(b"content"))
    assert read(shelf, "base", "one") == b"content"
    assert shelf.names("base") == ["one"]
    assert shelf.path("base", "one").parent.stat().st_mode & 0o077 == 0
    assert shelf.path("base", "one").stat().st_mode & 0o077 == 0


def test_a_file_is_never_replaced(shelf):
    shelf.put("wal", "1", BytesIO(b"first"))
    with pytest.raises(Differs):
        shelf.put("wal", "1", BytesIO(b"second"))
    assert read(shelf, "wal", "1") == b"first"


def test_the_same_file_twice_is_well_and_another_one_is_refused(shelf, tmp_path):
    same, other = tmp_path / "same", tmp_path / "other"
    same.write_bytes(b"x" * 100)
    other.write_bytes(b"y" * 100)
    assert shelf.put_once("wal", same, "1")
    assert not shelf.put_once("wal", same, "1")
    with pytest.raises(Differs):
        shelf.put_once("wal", other, "1")
    assert read(shelf, "wal", "1") == b"x" * 100


def test_what_fails_leaves_nothing_behind(shelf):
    def failed():
        raise OSError("the source broke")

    with pytest.raises(OSError, match="source"):
        shelf.put("base", "one", BytesIO(b"half"), failed)

    class Broken:
        def read(self, _size):
            raise OSError("no more")

    with pytest.raises(OSError, match="no more"):
        shelf.put("base", "two", Broken())
    assert files(shelf) == []


def test_the_second_place_gets_what_it_lacks_and_opens_with_the_same_keys(shelf, tmp_path):
    second = Shelf(tmp_path / "second", RING)
    shelf.put("base", "one", BytesIO(b"1"))
    shelf.note("base", "one.json", "{}")
    shelf.put("wal", "A", BytesIO(b"a"))
    assert shelf.copy_missing_to(second) == 3
    assert shelf.copy_missing_to(second) == 0
    assert files(second) == files(shelf)
    assert read(second, "base", "one") == b"1"


def test_a_removed_file_takes_its_facts_along(shelf):
    shelf.put("base", "one", BytesIO(b"1"))
    shelf.note("base", "one.json", "{}")
    shelf.remove("base", "one")
    assert files(shelf) == []


def test_a_file_put_under_another_name_by_hand_does_not_open(shelf):
    shelf.put("wal", "1", BytesIO(b"first"))
    shelf.path("wal", "1").rename(shelf.path("wal", "2"))
    with pytest.raises(StreamBroken):
        read(shelf, "wal", "2")
