"""Hints of libraries that do not apply are not heard, and all other warnings are."""

import logging
import warnings

import pytest

from gatbert.cli.quiet import HINTS, quiet_libraries


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
