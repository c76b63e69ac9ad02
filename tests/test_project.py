"""The files around the package agree with each other."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

import gatbert
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
    pinned = {name_of(line): Requirement(line).specifier for line in constraints}
    text = (ROOT / "pyproject.toml").read_text()
    extras = [requirement for extra in project["optional-dependencies"].values() for requirement in extra]
    for requirement in [*project["dependencies"], *extras]:
        assert ">=" in requirement
        (tested,) = pinned[name_of(requirement)]
        assert tested.operator == "=="
        assert Requirement(requirement).specifier.contains(tested.version), requirement
        assert re.search(rf'"{re.escape(requirement)}",  # \S+', text), requirement
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


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """The files of the repository."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in filter(None, listed.split("\0")) if (path := ROOT / name).is_file()]


def test_no_file_names_a_machine(tracked: list[Path]) -> None:
    home = re.compile(b"/" + b"(work/|home/(?!somebody)|Users/)")
    found = [path for path in tracked if path.suffix != ".csv" and home.search(path.read_bytes())]
    assert found == []


def test_files_are_small_and_text_ends_where_it_ends(tracked: list[Path]) -> None:
    """What pre-commit checks, for those who commit without it."""
    for path in tracked:
        data = path.read_bytes()
        assert len(data) <= 500 * 1024, path
        if data and b"\0" not in data:
            assert re.search(rb"[ \t\r]$|\n\n\Z|[^\n]\Z", data, re.MULTILINE) is None, path


def test_the_version_stands_in_one_place(project: dict[str, Any]) -> None:
    assert project["dynamic"] == ["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    released = re.search(r"^## (\S+) - (\S+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert released is not None
    assert released[1] == citation["version"] == gatbert.__version__
    assert released[2] == str(citation["date-released"])
    assert citation["license"] == project["license"]


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "README.md", "SECURITY.md", "docs/architecture.md"])
def test_paths_in_documents_exist(document: str) -> None:
    """Paths in backticks, and links; those with a NAME in them stand for many."""
    path = ROOT / document
    text = path.read_text()
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []
    named = re.findall(r"`((?:gatbert|tests|docs|configs|slurm|benchmarks|\.ci|\.github)/[\w./-]*)`", text)
    assert [name for name in named if "NAME" not in name and not (ROOT / name).exists()] == []


def test_the_drawing_names_folders_that_exist() -> None:
    drawing = (ROOT / "docs" / "way_of_a_sample.svg").read_text()
    names = re.findall(r"\b\w+(?:/|\.py)(?=[\s<,])", drawing)
    assert len(names) > 8
    assert [name for name in names if not (ROOT / "gatbert" / name).exists()] == []
