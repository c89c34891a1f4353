import os

import pytest

from config.local.refusal import Refusal
from config.local.servers.account import (
    Account,
    existing_server_folder,
    server_account,
    server_folder,
)


def test_an_ordinary_user_runs_the_servers_itself(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    account = server_account()
    assert not account.is_other
    assert account.run_options() == {}


def test_root_without_an_unprivileged_account_is_refused(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(Refusal, match="ordinary user"):
        server_account(candidates=("no-such-account", "root"))


def test_the_servers_live_in_the_checkout_where_their_account_can_enter(tmp_path):
    own = Account(os.geteuid(), os.getegid(), is_other=False)
    folder = server_folder(own, tmp_path / "var")
    assert folder == tmp_path / "var" / "servers"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert existing_server_folder(tmp_path / "var") == folder


def test_an_account_that_cannot_enter_gets_a_private_folder_that_var_names(tmp_path, monkeypatch):
    own = Account(os.geteuid(), os.getegid(), is_other=False)
    monkeypatch.setattr(Account, "can", lambda self, right, path: False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = server_folder(own, tmp_path / "var")
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "var" / "private_folder").read_text().strip() == str(folder)
    assert server_folder(own, tmp_path / "var") == folder
    folder.rmdir()
    assert existing_server_folder(tmp_path / "var") is None
    assert server_folder(own, tmp_path / "var") != folder
