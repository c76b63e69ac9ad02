"""Stages of checks: one that has found a fault is the last."""

import sys
import warnings
from collections.abc import Iterator

import pytest

from gatbert.doctor import checks
from gatbert.doctor.asked_run import AskedRun
from gatbert.doctor.checks import examine
from gatbert.doctor.findings import Check, Finding, State


def check(name: str, state: State) -> Check[AskedRun]:
    def look(_: AskedRun) -> Iterator[Finding]:
        print("loud")  # noqa: T201
        print("louder", file=sys.stderr)  # noqa: T201
        warnings.warn("loudest", stacklevel=1)
        yield Finding(state, name)

    return Check(name, look)


@pytest.mark.parametrize(
    ("first", "told"), [("ok", ["a", "b", "c"]), ("warning", ["a", "b", "c"]), ("fault", ["a", "b"])]
)
def test_a_stage_with_a_fault_is_the_last(
    first: State, told: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "STAGES", ((check("a", first), check("b", "ok")), (check("c", "ok"),)))
    assert [name for name, _ in examine(AskedRun("fit", ()))] == told
    captured = capsys.readouterr()
    assert captured.out + captured.err == ""
