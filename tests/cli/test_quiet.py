"""Hints of libraries that do not apply are not heard, and all other warnings are."""

import logging
import sys
import warnings

import pytest

from gatbert.cli.quiet import HINTS, quiet_libraries, silence


@pytest.fixture(autouse=True)
def _loggers_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the filters of Lightning's logger back."""
    logger = logging.getLogger("lightning.pytorch.utilities.rank_zero")
    monkeypatch.setattr(logger, "filters", [*logger.filters])


def test_hints_are_silent_and_warnings_stay() -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        quiet_libraries()
        for hint in HINTS:
            warnings.warn(f"The loader, val, {hint.replace('.', 'x')} and so on", UserWarning, stacklevel=1)
        warnings.warn("the loss is not finite", UserWarning, stacklevel=1)
    assert [str(one.message) for one in heard] == ["the loss is not finite"]


def test_an_advertisement_in_the_log_is_silent(caplog: pytest.LogCaptureFixture) -> None:
    quiet_libraries()
    logger = logging.getLogger("lightning.pytorch.utilities.rank_zero")
    with caplog.at_level(logging.INFO, logger.name):
        monitored = [logging.LogRecord(logger.name, logging.INFO, "", 0, text, (), None) for text in ("litlogger", "x")]
    assert [bool(logger.filter(record)) for record in monitored] == [False, True]


def test_nothing_is_heard_in_silence_and_everything_after(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def speak() -> None:
        print("printed")  # noqa: T201
        print("complained", file=sys.stderr)  # noqa: T201
        logging.getLogger("anybody").error("logged")
        warnings.warn("warned", UserWarning, stacklevel=1)

    with silence():
        speak()
    assert [*capsys.readouterr(), *caplog.messages] == ["", ""]
    with pytest.warns(UserWarning, match="warned"):
        speak()
    assert [*capsys.readouterr(), *caplog.messages] == ["printed\n", "complained\n", "logged"]
