"""Which ID numbers can exist. Every number here is put together from an invented region."""

from datetime import date

import pytest

from config.errors import InvalidInput
from config.identity.masking import mask_id, mask_last_four, mask_phone
from config.identity.numbers import AREA_UNKNOWN, check_character, normalise, read_id_number

TODAY = date(2026, 11, 23)


def number(area="110000", born="19600229", order="001"):
    first_17 = area + born + order
    return first_17 + check_character(first_17)


def ending_in_x():
    return next(n for n in (number(order=f"{i:03}") for i in range(1, 99, 2)) if n[-1] == "X")


def read(text, **facts):
    return read_id_number(text, today=TODAY, **facts)


def test_the_check_character_follows_the_standard():
    # Worked by hand: all ones weigh 7+9+10+5+8+4+2+1+6+3+7+9+10+5+8+4+2 = 100, 100 mod 11 = 1.
    assert check_character("1" * 17) == "0"
    # 2 x 100 = 200, 200 mod 11 = 2.
    assert check_character("2" * 17) == "X"


def test_what_a_number_says():
    found = read(number())
    assert (found.born_on, found.sex, found.kind) == (date(1960, 2, 29), "male", "resident")
    assert (found.was_old, found.warnings) == (False, ())
    assert read(number(order="002")).sex == "female"


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda n: f" {n} ",
        lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
        lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}",
        lambda n: "'" + n,
        lambda n: "".join(chr(ord(c) + 0xFEE0) for c in n),
    ],
    ids=["lower x", "blanks around", "blanks inside", "dashes", "apostrophe", "full width"],
)
def test_what_carries_no_meaning_is_taken_away(change):
    plain = ending_in_x()
    assert normalise(change(plain)) == plain
    assert read(change(plain)).number == plain


def test_an_old_number_is_written_out():
    old = "110000" + "600229" + "001"
    found = read(old)
    assert (found.number, found.was_old) == (number(), True)


def test_people_born_before_their_region_had_its_code_are_accepted():
    assert read(number(area="500101", born="19400501")).warnings == ()


def test_an_unknown_region_is_a_warning():
    assert read(number(area="000000")).warnings == (AREA_UNKNOWN,)


def test_a_first_nine_is_a_foreign_permanent_resident():
    found = read(number(area="911156"))
    assert (found.kind, found.warnings) == ("foreign_permanent_resident", ())


def wrong_check(n):
    return n[:-1] + ("1" if n[-1] != "1" else "2")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        (number()[:-1], "length"),
        (number() + "1", "length"),
        ("X" + number()[1:], "characters"),
        ("1.10000196002E+17 ", "length"),
        ("11000060022900X", "characters"),
        (wrong_check(number()), "check_character"),
        (number(born="19610229"), "birth_date"),
        (number(born="19601301"), "birth_date"),
        (number(born="18491231"), "birth_date"),
        (number(born="20261124"), "birth_date"),
        (number(born="00000000"), "birth_date"),
        ("110000" + "610229" + "001", "birth_date"),
    ],
)
def test_what_cannot_be_a_number(text, code):
    with pytest.raises(InvalidInput) as error:
        read(text)
    assert error.value.code == f"identity.number.{code}"
    assert text.strip() == "" or text.strip() not in str(error.value)


def test_born_today_is_possible():
    assert read(number(born="20261123")).born_on == TODAY


def test_the_sex_must_agree_with_the_form():
    assert read(number(), sex="male").sex == "male"
    with pytest.raises(InvalidInput) as error:
        read(number(), sex="female")
    assert error.value.code == "identity.number.sex_differs"


def test_a_mask_never_shows_region_or_birth():
    plain = number()
    assert mask_id(plain) == "****" + plain[-4:]
    assert mask_last_four(plain[-4:]) == mask_id(plain)
    assert mask_id("1234567") == "****"
    assert mask_phone("13900001234") == "****1234"
    assert plain not in repr(read(plain))
