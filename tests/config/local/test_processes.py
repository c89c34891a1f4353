import json
import os
import socket
import sys

import pytest

from config.local.processes import LOOPBACK, Background, accepts, choose_port
from config.local.refusal import Refusal


@pytest.fixture
def occupied():
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_remembered_port_stays_while_it_is_free(occupied):
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        free = probe.getsockname()[1]
    assert choose_port(free, first=occupied) == free


def test_an_occupied_port_is_passed_over(occupied):
    chosen = choose_port(occupied, first=occupied)
    assert chosen > occupied
    assert not accepts(chosen)
    assert accepts(occupied)


def test_no_free_port_is_refused_with_what_to_do(occupied):
    with pytest.raises(Refusal, match="What to do"):
        choose_port(None, first=occupied, tries=1)


def test_a_background_process_is_found_and_stopped(tmp_path):
    program = Background("sleeper", tmp_path)
    program.start(
        [sys.executable, "-c", "print('began', flush=True); import time; time.sleep(60)"],
        cwd=tmp_path,
        env={},
    )
    assert Background("sleeper", tmp_path).pid() is not None
    assert program.stop()
    assert Background("sleeper", tmp_path).pid() is None
    assert not program.stop()


def test_a_stranger_with_the_same_number_is_not_ours(tmp_path):
    program = Background("web", tmp_path)
    program.pid_file.write_text(json.dumps({"pid": os.getpid(), "birth": "1"}))
    assert program.pid() is None
    assert not program.stop()


def test_the_last_words_are_the_end_of_the_log(tmp_path):
    program = Background("web", tmp_path)
    program.log.write_text("\n".join(f"line {number}" for number in range(100)))
    assert program.last_words().splitlines()[-1].strip() == "line 99"
    assert len(program.last_words().splitlines()) == 15
