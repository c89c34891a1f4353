import pytest

from config.backup.segments import missing_segments, next_segment, older_than

MIB16 = 16 * 1024 * 1024
FIRST = "0000000100000000000000FE"


@pytest.mark.parametrize(
    ("name", "size", "following"),
    [
        ("000000010000000000000001", MIB16, "000000010000000000000002"),
        ("0000000100000000000000FF", MIB16, "000000010000000100000000"),
        ("000000010000000000000003", 1024**3, "000000010000000100000000"),
    ],
)
def test_the_segment_that_follows(name, size, following):
    assert next_segment(name, size) == following


def run_of(count):
    names = [FIRST]
    while len(names) < count:
        names.append(next_segment(names[-1], MIB16))
    return names


@pytest.mark.row("B15")
def test_each_missing_segment_is_named(tried):
    names = run_of(6)
    assert missing_segments(names, FIRST, MIB16) == []
    for gone in names[:-1]:
        left = [name for name in names if name != gone]
        assert missing_segments(left, FIRST, MIB16) == [gone]
    tried(len(names) - 1)


def test_nothing_stored_at_all_is_a_gap_and_other_files_are_no_segments():
    assert missing_segments([], FIRST, MIB16) == [FIRST]
    others = ["00000002.history", f"{FIRST}.00000028.backup", "0000000200000000000000FE"]
    assert missing_segments(others, FIRST, MIB16) == [FIRST]


def test_older_segments_of_every_timeline_may_go():
    names = ["000000010000000000000001", FIRST, "000000020000000000000001", "00000002.history"]
    assert older_than(names, FIRST) == ["000000010000000000000001", "000000020000000000000001"]
