"""A grid as a Slurm array: numbers as sbatch takes them, and what sbatch answers."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.errors import UserError
from gatbert.grid.array import ranges, sbatch_command, submit


@given(st.sets(st.integers(0, 60)))
def test_ranges_are_the_numbers_and_as_short_as_can_be(numbers: set[int]) -> None:
    parts = [part.split("-") for part in ranges(sorted(numbers)).split(",") if part]
    found = [number for part in parts for number in range(int(part[0]), int(part[-1]) + 1)]
    assert found == sorted(numbers)
    assert len(parts) == len({number for number in numbers if number - 1 not in numbers})


def test_options_of_sbatch_stand_between_array_and_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r"there is no slurm/array\.sh in .*; call multi_run --slurm in the checkout"):
        sbatch_command(Path("grid"), [0], "")
    (tmp_path / "slurm").mkdir()
    (tmp_path / "slurm" / "array.sh").touch()
    command = sbatch_command(Path("grid"), [0, 1, 2, 5], "--gpus=1 --comment 'two words'")
    assert command == ["sbatch", "--array=0-2,5", "--gpus=1", "--comment", "two words", "slurm/array.sh", "grid"]
    with pytest.raises(UserError, match=r"--sbatch .* cannot be read: .*put each option between its quotes"):
        sbatch_command(Path("grid"), [0], "--comment 'two")


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("echo Submitted batch job 4711", "4711"),
        ("echo 'no such partition' >&2; exit 1", "sbatch has refused the array: no such partition"),
        ("echo nothing", "sbatch has refused the array: nothing"),
    ],
)
def test_the_answer_of_sbatch_is_its_number_or_a_refusal(tmp_path: Path, body: str, answer: str) -> None:
    script = tmp_path / "sbatch"
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o755)
    if answer.isdigit():
        assert submit([str(script), "--array=0"]) == answer
    else:
        with pytest.raises(UserError, match=answer):
            submit([str(script), "--array=0"])


def test_without_sbatch_the_command_is_told() -> None:
    with pytest.raises(
        UserError, match="there is no no_such_sbatch on this machine; type on the cluster: no_such_sbatch"
    ):
        submit(["no_such_sbatch", "--array=0"])
