"""Progress is shown to who looks on, and changes nothing of what is found."""

import pytest

from gatbert.predictor.progress import MANY, shown


@pytest.mark.parametrize(("size", "wanted", "is_shown"), [(10, True, True), (10, None, False), (None, True, False)])
def test_what_is_found_comes_in_order(
    size: int | None, wanted: bool | None, is_shown: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(shown(iter(range(10)), size, wanted)) == list(range(10))
    assert ("100%" in capsys.readouterr().err) == is_shown


def test_of_many_it_is_shown_on_a_terminal_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for looks_on in (False, True):
        monkeypatch.setattr("sys.stderr.isatty", lambda: looks_on)  # noqa: B023  (called within the turn)
        list(shown(range(MANY), MANY, None))
        assert ("100%" in capsys.readouterr().err) == looks_on
