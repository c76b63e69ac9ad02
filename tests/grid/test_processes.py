"""A training in a process of its own: its output, its status, its signals, and what it said last."""

import os
import signal
import sys
from pathlib import Path

import pytest

from gatbert.grid.processes import Signals, last_words, train

SLEEPER = "import time, sys; print('ready', flush=True); time.sleep(60)"


def test_output_goes_to_the_log_and_to_whom_it_may_concern(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "run.log"
    heard: list[bytes] = []
    begun: list[int] = []
    for number in (3, 0):
        code = f"import sys; print('hello'); print('error', file=sys.stderr); sys.exit({number})"
        assert train([sys.executable, "-c", code], log, Signals(), begun.append, heard.append) == number
    lines = log.read_text().splitlines()
    assert [line[:2] for line in lines if line.startswith("$")] == ["$ ", "$ "]
    assert lines.count("hello") == lines.count("error") == 2
    assert b"".join(heard).count(b"hello") == 2
    assert len(set(begun)) == 2


@pytest.mark.parametrize(("times", "status"), [(1, -signal.SIGINT), (2, -signal.SIGKILL)])
def test_the_first_signal_interrupts_and_the_second_kills(tmp_path: Path, times: int, status: int) -> None:
    deaf = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); " if times == 2 else ""
    code = f"{deaf}import signal; {'' if deaf else 'signal.signal(signal.SIGINT, signal.SIG_DFL); '}{SLEEPER}"

    def heard(printed: bytes) -> None:
        if b"ready" in printed:
            for _ in range(times):
                os.kill(os.getpid(), signal.SIGTERM)

    with Signals() as signals:
        assert train([sys.executable, "-c", code], tmp_path / "log", signals, lambda _: None, heard) == status
    assert signals.received == signal.SIGTERM


def test_a_signal_that_came_before_reaches_the_next_training(tmp_path: Path) -> None:
    code = f"import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); {SLEEPER}"
    with Signals() as signals:
        os.kill(os.getpid(), signal.SIGTERM)
        assert train([sys.executable, "-c", code], tmp_path / "log", signals, lambda _: None, lambda _: None) != 0


def test_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Signals():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("one\ntwo\n\n", "two"),
        ("gatbert: error: first\ngatbert: error: no such file\nException ignored\n", "no such file"),
        ("x" * 50_000 + "\nlast\n", "last"),
        ("\udcff\nlast", "last"),
    ],
)
def test_the_last_words_say_why(tmp_path: Path, text: str, words: str) -> None:
    log = tmp_path / "log"
    log.write_bytes(text.encode(errors="surrogateescape"))
    assert last_words(log) == words
