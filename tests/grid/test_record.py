"""grid.json: the grid may grow, and nothing else."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.grid.plan import plan_runs
from gatbert.grid.record import Grid


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A YAML file that names another, in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inner.yaml").write_text("init_args: {max_length: 3}\n")
    (tmp_path / "a.yaml").write_text("data: inner.yaml\n")
    return tmp_path / "a.yaml"


def asked(*arguments: str, seeds: str = "1,2") -> Grid:
    return Grid.asked(["-c", "a.yaml", *arguments], plan_runs(seeds, None, []))


def test_grid_comes_back_as_it_was(config: Path, tmp_path: Path) -> None:
    assert Grid.read(tmp_path / "new") is None
    grid = asked("--model.learning_rate", "1")
    (tmp_path / "out").mkdir()
    grid.write(tmp_path / "out")
    assert Grid.read(tmp_path / "out") == grid
    assert set(grid.files) == {"a.yaml", "inner.yaml"}


def test_grid_grows_at_its_end(config: Path, tmp_path: Path) -> None:
    grown = asked(seeds="2,3").grown(asked(seeds="1,2,3"), tmp_path)
    assert [run.seed for run in grown.runs] == [2, 3, 1]
    assert [run.seed for run in grown.grown(asked(seeds="1"), tmp_path).runs] == [2, 3, 1]


def test_other_arguments_are_refused_by_name(config: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"--trainer.max_epochs 3 there, --trainer.max_epochs 5 now"):
        asked("--trainer.max_epochs", "3").grown(asked("--trainer.max_epochs", "5"), tmp_path)
    with pytest.raises(UserError, match=r"nothing there, --model.pooling mean now"):
        asked().grown(asked("--model.pooling", "mean"), tmp_path)
    with pytest.raises(UserError, match="another order"):
        asked("--x", "1", "--y", "2").grown(asked("--y", "2", "--x", "1"), tmp_path)


def test_setting_of_another_file_is_refused(config: Path, tmp_path: Path) -> None:
    one, two = (Grid.asked(["-c", "a.yaml"], plan_runs("1", None, [f"x={path}"])) for path in ("a.yaml", "inner.yaml"))
    with pytest.raises(UserError, match=r"x/seed1 has .*a\.yaml.* there and .*inner\.yaml.* now"):
        one.grown(two, tmp_path)


def test_changed_file_is_refused_however_deep_it_lies(config: Path, tmp_path: Path) -> None:
    before = asked()
    assert before.changed_file() is None
    (tmp_path / "inner.yaml").write_text("init_args: {max_length: 4}\n")
    with pytest.raises(UserError, match=r"inner\.yaml has been changed since"):
        before.grown(asked(), tmp_path)
    assert before.changed_file() == "inner.yaml"


def test_a_comment_changes_nothing(config: Path, tmp_path: Path) -> None:
    before = asked()
    (tmp_path / "inner.yaml").write_text("# How long.\ninit_args:\n  max_length: 3\n")
    assert before.changed_file() is None
    assert before.grown(asked(), tmp_path) == before


def test_a_grid_with_checksums_of_bytes_goes_on(config: Path, tmp_path: Path) -> None:
    now = asked()
    files = {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in now.files}
    before = replace(now, files=files)
    assert before.changed_file() is None
    assert before.grown(now, tmp_path).files == now.files


def test_output_that_is_no_grid_is_refused(config: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds something else"):
        Grid.read(tmp_path)
    whole = {"arguments": [], "runs": [], "files": {}, "folder": "x", "gatbert": "0.1", "format_version": 1}
    settings = {"seed": None, "classifier": None, "settings": [["x"]]}
    typed = [json.dumps(whole | change) for change in ({"runs": [settings]}, {"arguments": [1]}, {"files": {"x": 1}})]
    for damage in ('{"runs": [', "[" * 100_000, "[]", '{"runs": 3}', '{"runs": [], "arguments": 1}', *typed):
        (tmp_path / "grid.json").write_text(damage)
        with pytest.raises(UserError, match="is damaged"):
            Grid.read(tmp_path)


def test_a_grid_that_knows_no_folds_goes_on(config: Path, tmp_path: Path) -> None:
    grid = Grid.asked([str(config)], plan_runs("1", None, []))
    grid.write(tmp_path)
    values = json.loads((tmp_path / "grid.json").read_text())
    for run in values["runs"]:
        del run["folds"], run["fold"]
    (tmp_path / "grid.json").write_text(json.dumps(values))
    assert Grid.read(tmp_path) == grid


def test_a_grid_of_another_format_is_refused_as_such(config: Path, tmp_path: Path) -> None:
    (tmp_path / "grid.json").write_text('{"format_version": 2, "tasks": []}')
    with pytest.raises(UserError, match=r"grid\.json has format 2; this is 1"):
        Grid.read(tmp_path)


def test_yaml_that_is_none_is_refused(config: Path) -> None:
    bomb = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    for damage in ("a: [1\n", "a: &a [*a]\n", f"a0: &a0 x\n{bomb}"):
        config.write_text(damage)
        with pytest.raises(UserError, match=r"a\.yaml(:\d+)? is no YAML file"):
            asked()
