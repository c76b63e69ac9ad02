"""Versions are compared with the bounds of an installed package, those of its extras among them."""

from importlib import metadata
from pathlib import Path

import pytest

from gatbert.doctor.findings import Finding
from gatbert.doctor.versions import look_at_versions


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The metadata of an installed package named ``asks``, to which requirements can be added."""
    folder = tmp_path / "asks-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: asks\nVersion: 1\nRequires-Python: >=3.10\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder / "METADATA"


def found(package: Path, *requirements: str) -> list[Finding]:
    with package.open("a") as file:
        file.writelines(f"Requires-Dist: {requirement}\n" for requirement in requirements)
    return list(look_at_versions("asks"))


def test_what_is_installed_here_is_well() -> None:
    (finding,) = look_at_versions()
    assert finding.state == "ok"
    assert f"torch {metadata.version('torch')}" in finding.what


@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        ("torch>=99", "gatbert needs >=99"),
        ("no-such-package>=1", "no-such-package is not installed"),
        ('torch<1; extra == "old"', "gatbert needs <1"),
    ],
)
def test_each_bound_that_does_not_hold_is_a_fault(package: Path, requirement: str, words: str) -> None:
    first, second = found(package, requirement, "numpy>=99")
    assert (first.state, second.state) == ("fault", "fault")
    assert words in first.what
    assert "pip install" in first.remedy


def test_an_extra_that_nobody_has_installed_is_no_fault(package: Path) -> None:
    (finding,) = found(package, 'no-such-package>=1; extra == "more"')
    assert finding.state == "ok"


def test_a_checkout_that_is_not_installed_is_told() -> None:
    (finding,) = look_at_versions("no-such-package")
    assert (finding.state, "editable" in finding.remedy) == ("warning", True)
