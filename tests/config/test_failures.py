"""The page of a failed request says what it means, and nothing of the code."""

import errno

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client

from config.failures import kind_of


def caused(failure, cause):
    failure.__cause__ = cause
    return failure


CASES = {
    "disk full of the database": (
        caused(OperationalError(), psycopg.errors.DiskFull()),
        "disk_full",
    ),
    "disk full of a folder": (OSError(errno.ENOSPC, "no space"), "disk_full"),
    "a statement too long": (
        caused(OperationalError(), psycopg.errors.QueryCanceled()),
        "too_slow",
    ),
    "a lock held too long": (
        caused(OperationalError(), psycopg.errors.LockNotAvailable()),
        "too_slow",
    ),
    "the connection lost": (caused(OperationalError(), psycopg.OperationalError()), "away"),
    "the server going down": (
        caused(OperationalError(), psycopg.errors.AdminShutdown()),
        "away",
    ),
    "a mistake of ours": (ValueError("x"), "other"),
    "a constraint": (psycopg.errors.UniqueViolation(), "other"),
    "nothing known": (None, "other"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_failure_is_told_as_what_it_means(name):
    failure, kind = CASES[name]
    assert kind_of(failure) == kind


@pytest.mark.row("B7")
@pytest.mark.parametrize(
    ("failure", "status", "told"),
    [
        (OSError(errno.ENOSPC, "no space"), 503, "磁盘空间不足"),
        (caused(OperationalError(), psycopg.errors.QueryCanceled()), 503, "数据库响应过慢"),
        (OperationalError("the connection is lost"), 503, "数据库无应答"),
        (ValueError("the secret of the house"), 500, "系统出错"),
    ],
)
def test_the_page_is_in_words_with_the_number_of_the_request(monkeypatch, failure, status, told):
    def broken():
        raise failure

    monkeypatch.setattr("config.health.views.unready", broken)
    answer = Client(raise_request_exception=False).get("/health/ready")
    text = answer.content.decode()
    assert answer.status_code == status
    assert told in text
    assert "未保存" in text
    assert answer.headers["X-Request-ID"] in text
    assert "secret" not in text
