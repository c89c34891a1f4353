"""Which passwords are taken (E7)."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from config.offices.models import User
from config.sign_in.models import KeptPassword
from tests.factories.acts import recorded

pytestmark = [pytest.mark.django_db, pytest.mark.row("E7")]

TAKEN = (
    "twelve-chars", "一句很长的中文密码也可以作为口令使用", "correct horse battery staple",
    "x" * 60 + "4 sentences", "长" * 500, " spaces at both ends ",
)  # fmt: skip
REFUSED = (
    "eleven-char", "", "123456789012", "password1234", "qwertyuiop12", "Yibao-2026-2026",
    "ylbzj@2026!!", "medical-insurance-2026", "east-office-2026", "医疗保障局2026医保结算",
    "supervisor-2026!", "administrator", "lin-lin-lin-2026", "示例lin示例lin2026", "x" * 513,
)  # fmt: skip


@pytest.mark.parametrize("password", TAKEN)
def test_long_passwords_of_any_signs_are_taken(lin, password):
    validate_password(password, lin.user)


@pytest.mark.parametrize("password", REFUSED)
def test_short_common_and_office_words_are_refused(lin, password):
    with pytest.raises(ValidationError):
        validate_password(password, lin.user)


def test_none_of_the_last_five_is_taken_again(lin, tried):
    """The sixth before is free again."""
    used = [f"invented sentence number {number}" for number in range(7)]
    for password in used:
        validate_password(password, lin.user)
        with recorded():
            lin.user.set_password(password)
            lin.user.save()
    assert lin.user.check_password(used[-1])
    for place, password in enumerate(reversed(used)):
        tried(1)
        if place < 5:
            with pytest.raises(ValidationError):
                validate_password(password, lin.user)
        else:
            validate_password(password, lin.user)
    assert KeptPassword.objects.filter(user=lin.user).count() == 8
    assert all(row.password.startswith("md5$") for row in KeptPassword.objects.all())


def test_an_account_without_a_password_keeps_none(db):
    with recorded():
        pass
    user = User(username="none", full_name="示例")
    user.set_unusable_password()
    user.save()
    assert not KeptPassword.objects.filter(user=user).exists()
