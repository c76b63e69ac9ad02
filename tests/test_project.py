"""The files around the package agree with each other."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from tests.command_line import ROOT, tomllib


def name_of(requirement: str) -> str:
    """Return the name of a requirement, without extras, bounds and markers, as indexes compare it."""
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    whole: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return whole["project"]


@pytest.fixture(scope="module")
def constraints() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_every_dependency_has_a_lower_bound_a_tested_version_and_a_reason(
    project: dict[str, Any], constraints: list[str]
) -> None:
    pinned = {name_of(line) for line in constraints if "==" in line}
    text = (ROOT / "pyproject.toml").read_text()
    for requirement in project["dependencies"]:
        assert ">=" in requirement
        assert name_of(requirement) in pinned
        assert re.search(rf'"{re.escape(requirement)}",  # \S+', text), requirement
    for extra in project["optional-dependencies"].values():
        assert {name_of(requirement) for requirement in extra} <= pinned
    assert "torch==2.13.0" in constraints


def test_conda_environment_is_in_step_with_the_project(project: dict[str, Any]) -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["name"] == "gatbert"
    conda = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    python = next(entry for entry in conda if name_of(entry) == "python")
    lowest = tuple(map(int, project["requires-python"].removeprefix(">=").split(".")))
    assert tuple(map(int, python.partition("=")[2].strip("=").split(".")[:2])) >= lowest
    (pip,) = (entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    installs_this = [line for line in pip if line.startswith(("-e", "--editable"))]
    assert len(installs_this) == 1
    assert any("constraints.txt" in line for line in pip)
    wanted = re.search(r"\[(.*)\]", installs_this[0])
    assert wanted is None or set(wanted[1].split(",")) <= set(project["optional-dependencies"])


def test_no_file_names_a_machine() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    home = re.compile(b"/" + b"(work/|home/(?!somebody)|Users/)")
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix != ".csv":
            assert home.search(path.read_bytes()) is None, name
