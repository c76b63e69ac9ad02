"""The layers of the package: lower ones never import higher ones, and what needs no torch loads none."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, Literal, get_args, get_origin

import pytest

import gatbert
from tests.command_line import package_environment
from tests.layers import CONTRIBUTING, LAYERS, with_table

PACKAGE = Path(gatbert.__file__).parent
TESTS = Path(__file__).parent


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Yield the modules of gatbert that a file imports anywhere in it, by their first name below the package."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "gatbert":
            parts = node.module.split(".")
            yield from [parts[1]] if len(parts) > 1 else (alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("gatbert."))


SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_lower_layers_never_import_higher_ones(path: Path) -> None:
    layer_of = {module: level for level, modules in enumerate(LAYERS) for module in modules}
    here = module_of(path)
    for other in imports(path):
        if other in layer_of and other != here:
            assert layer_of[other] < layer_of[here], f"{here} imports {other}"


def test_every_module_has_its_layer() -> None:
    assert {module_of(path) for path in SOURCES} == {module for modules in LAYERS for module in modules}


def mirrored(path: Path) -> Path:
    """Return the test file of a module of the package; that of a package with code of its own is named after it."""
    inside = path.relative_to(PACKAGE)
    name = PACKAGE.joinpath(inside).parent.name if path.name == "__init__.py" else path.stem.strip("_")
    return TESTS / inside.parent / f"test_{name}.py"


def has_code(path: Path) -> bool:
    """Whether a module defines anything, rather than hand on names."""
    return any(
        not isinstance(node, (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign))
        for node in ast.parse(path.read_text()).body
    )


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or has_code(path))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_has_a_test_file(path: Path) -> None:
    assert mirrored(path).is_file(), f"{path.relative_to(PACKAGE)} has no {mirrored(path).relative_to(TESTS.parent)}"


def test_every_test_file_has_a_module() -> None:
    """Tests stand in files named after modules, maybe with an aspect; what all of a package promise is its contract."""
    folders = {mirrored(path).parent for path in MODULES} - {TESTS}
    names = {
        folder: tuple(mirrored(path).stem for path in MODULES if mirrored(path).parent == folder) for folder in folders
    }
    lost = [
        str(path.relative_to(TESTS.parent))
        for folder in folders
        for path in folder.glob("test_*.py")
        if path.stem != "test_contract"
        and not any(path.stem == name or path.stem.startswith(f"{name}_") for name in names[folder])
    ]
    assert lost == []


def tables() -> Iterator[tuple[str, Any, Any]]:
    """Yield every mapping of the package whose keys are the names of a ``Literal``."""
    for info in walk_packages(gatbert.__path__, "gatbert."):
        if info.name.rpartition(".")[2] in ("__main__", "fit_and_test"):
            continue
        module = importlib.import_module(info.name)
        for name, hint in getattr(module, "__annotations__", {}).items():
            keys = get_args(hint)[:1]
            if keys and get_origin(keys[0]) is Literal:
                yield f"{info.name}.{name}", keys[0], getattr(module, name)


def test_names_and_tables_agree() -> None:
    """A closed set is a ``Literal``, which --help shows, and a mapping, which has what each name stands for."""
    found = {name: (set(get_args(names)), set(table)) for name, names, table in tables()}
    assert len(found) >= 4
    assert {name: sets for name, sets in found.items() if sets[0] != sets[1]} == {}


def test_contributing_tells_the_layers_as_they_are() -> None:
    text = CONTRIBUTING.read_text()
    assert text == with_table(text), "run python -m tests.layers"


def test_the_package_asserts_nothing() -> None:
    """Python drops assertions under -O: a check that matters is an exception."""
    found = [p for p in SOURCES for node in ast.walk(ast.parse(p.read_text())) if isinstance(node, ast.Assert)]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "import gatbert, gatbert.corpora, gatbert.tagging.tagger, gatbert.knowledge.build",
        "from gatbert.__main__ import help_text; help_text()",
        "import gatbert.commands.build_graph, gatbert.commands.tag, gatbert.commands.inspect_graph, "
        "gatbert.commands.embed_graph",
        "import gatbert.commands.report, gatbert.commands.multi_run, gatbert.evaluation.ablation",
    ],
)
def test_what_needs_no_torch_loads_none(code: str) -> None:
    assert loaded(code, "torch", "lightning") == "[]"


def test_arguments_are_parsed_without_what_few_of_them_need() -> None:
    """It takes seconds to load, and bitsandbytes has an optimizer for each of torch's: SGD would be two classes."""
    assert loaded("import gatbert.cli.custom_cli", "peft", "bitsandbytes", "optuna") == "[]"


def loaded(code: str, *names: str) -> str:
    """Return which of some modules are loaded after some code, in a process of its own."""
    command = [sys.executable, "-c", f"{code}\nimport sys\nprint([m for m in {names} if m in sys.modules])"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=package_environment())
    return done.stdout.strip()
