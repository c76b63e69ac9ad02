"""The experiments: scripts that a shell reads, and settings that the command line takes."""

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.command_line import CommandLine

EXPERIMENTS = Path(__file__).parents[1] / "experiments"


@pytest.mark.parametrize(
    "script", sorted(EXPERIMENTS.rglob("*.sh")), ids=lambda path: str(path.relative_to(EXPERIMENTS))
)
def test_a_script_can_be_run(script: Path) -> None:
    assert script.stat().st_mode & 0o100
    subprocess.run(["bash", "-n", script], check=True)


@pytest.mark.parametrize("setting", sorted((EXPERIMENTS / "settings").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_command_line_takes_a_setting(command_line: CommandLine, setting: Path) -> None:
    data = EXPERIMENTS.parent / "configs" / "graph_data.yaml"
    config = yaml.safe_load(command_line("fit_and_test", "--data", data, "-c", setting, "--print_config"))
    assert config["classifier"] == yaml.safe_load(setting.read_text())["classifier"]
    assert config["data"]["init_args"]["corpus_type"] == "graph"
