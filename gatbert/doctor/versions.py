"""Whether Python and the libraries have the versions that gatbert asks for; loads none of them."""

import platform
from collections.abc import Iterator, Sequence
from importlib import metadata

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from gatbert.doctor.findings import Finding

NAMED = ("torch", "lightning", "transformers")
"""Libraries whose versions are told where all is well."""


def look_at_versions(distribution: str = "gatbert") -> Iterator[Finding]:
    """Compare what is installed with the bounds of an installed package, which are those of its ``pyproject.toml``."""
    try:
        package = metadata.distribution(distribution)
    except metadata.PackageNotFoundError:
        yield Finding(
            "warning",
            f"{distribution} is not installed, so that nothing says which versions it needs",
            "python -m pip install --constraint constraints.txt --editable . in the checkout",
        )
        return
    faults = [*_python(package.metadata["Requires-Python"]), *_libraries(package.requires or ())]
    yield from faults
    if not faults:
        told = ", ".join(f"{name} {metadata.version(name)}" for name in NAMED)
        yield Finding("ok", f"Python {platform.python_version()}, {told}")


def _python(asked: str | None) -> Iterator[Finding]:
    version = platform.python_version()
    if asked and not SpecifierSet(asked).contains(version, prereleases=True):
        yield Finding("fault", f"this is Python {version}, and gatbert needs {asked}", "make an environment with one")


def _libraries(requirements: Sequence[str]) -> Iterator[Finding]:
    """Yield a fault for each library that is missing, or has another version than is asked for."""
    for requirement in map(Requirement, requirements):
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            if requirement.marker is None:  # those of the extras are needed only by who uses them
                yield Finding("fault", f"{requirement.name} is not installed", _install(requirement))
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            what = f"{requirement.name} is {version}, and gatbert needs {requirement.specifier}"
            yield Finding("fault", what, _install(requirement))


def _install(requirement: Requirement) -> str:
    return f'python -m pip install "{requirement.name}{requirement.specifier}"'
