import sys

import pytest

from config.identity.cipher import KeyRing
from config.local import __main__, demo
from config.local.refusal import Refusal


def test_keys_are_made_once_and_never_changed():
    first = demo._keys({})
    assert len(first["SECRET_KEY"]) >= 50
    ring = KeyRing.read([first["ID_NUMBER_KEYS"]])
    assert [key.key_id for key in ring.keys] == ["local1"]
    assert demo._keys(first) == first
    assert demo._keys({})["ID_NUMBER_KEYS"] != first["ID_NUMBER_KEYS"]


def test_a_failing_step_says_what_it_said_and_what_to_do():
    with pytest.raises(Refusal) as refused:
        demo._managed("A step", "Look at the name.", "no_such_command")
    assert "A step failed" in str(refused.value)
    assert "no_such_command" in str(refused.value)
    assert "What to do: Look at the name." in str(refused.value)


def test_a_refusal_ends_the_command_with_one(monkeypatch, capsys, tmp_path):
    def refuse():
        raise Refusal("No room.", "Make room.")

    monkeypatch.setattr(demo, "up", refuse)
    monkeypatch.setattr(__main__, "DEMO", __main__.DEMO.__class__(tmp_path, durable=True))
    monkeypatch.setattr(sys, "argv", ["config.local", "up"])
    assert __main__.main() == 1
    said = capsys.readouterr().err
    assert "No room." in said
    assert "What to do: Make room." in said


def test_the_release_is_another_when_a_pack_or_a_server_changes(monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_text("")
    pack = tmp_path / "config" / "policy" / "basic.yaml"
    pack.parent.mkdir(parents=True)
    pack.write_text("rate: 70%")
    monkeypatch.setattr(demo, "CHECKOUT", tmp_path)
    before = demo._release_digest({"DATABASE_URL": "a"})
    assert demo._release_digest({"DATABASE_URL": "a"}) == before
    pack.write_text("rate: 75%")
    assert demo._release_digest({"DATABASE_URL": "a"}) != before
    assert demo._release_digest({"DATABASE_URL": "b"}) != demo._release_digest(
        {"DATABASE_URL": "a"}
    )
