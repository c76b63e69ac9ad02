"""Names that libraries do not promise to keep: each is there, by name, and no other is leant on."""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import gatbert
from gatbert.errors import LIBRARY_ERRORS, UserError, libraries
from gatbert.errors.libraries import LibraryName

NAMES = {key: value for key, value in vars(libraries).items() if isinstance(value, LibraryName)}
OWNED = [(key, owner) for key, value in NAMES.items() for owner in value.owners]


def found(path: str) -> Any:
    module, _, name = path.rpartition(".")
    if module.startswith("bitsandbytes"):  # of an extra
        pytest.importorskip("bitsandbytes")
    return getattr(importlib.import_module(module), name)


def instance_of(owner: str) -> Any:
    """Make an instance: what its constructor must be given are sizes."""
    made = found(owner)
    parameters = list(inspect.signature(made).parameters.values())
    return made(*(2 for one in parameters if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD))


def modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(gatbert.__path__, "gatbert."):
        if not info.name.endswith(("__main__", "fit_and_test")):
            yield importlib.import_module(info.name)


CLASSES = sorted(
    {
        value
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    },
    key=lambda one: f"{one.__module__}.{one.__qualname__}",
)


@pytest.mark.parametrize(("key", "owner"), OWNED, ids=[f"{owner}.{NAMES[key].name}" for key, owner in OWNED])
def test_the_installed_library_has_the_name(key: str, owner: str) -> None:
    NAMES[key].read_from(instance_of(owner))


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_that_is_gone_is_told_with_the_version_that_had_it(name: LibraryName) -> None:
    with pytest.raises(UserError, match=name.seen_in) as error:
        name.read_from(object())
    assert all(word in str(error.value) for word in (name.owners[0], name.name, name.needed_for))


@pytest.mark.parametrize(("module", "name"), LIBRARY_ERRORS)
def test_the_installed_library_has_the_exception(module: str, name: str) -> None:
    assert issubclass(found(f"{module}.{name}"), BaseException)


@pytest.mark.parametrize("ours", CLASSES, ids=lambda one: f"{one.__module__}.{one.__qualname__}")
def test_no_class_takes_or_overrides_a_private_name_of_a_librarys_class(ours: type) -> None:
    """Ruff's SLF001 sees what is taken from others; this sees what is taken from ``self`` and what is overridden."""
    bases = [base for base in ours.__mro__ if not base.__module__.startswith("gatbert.") and base is not object]
    theirs = {name for base in bases for name in private_names(base)}
    assert taken(ours) & theirs == set()


def private_names(base: type) -> Iterator[str]:
    """Yield the private names that a class of a library defines, or sets in one of its methods."""
    for name, value in vars(base).items():
        functions = (value.fget, value.fset) if isinstance(value, property) else (inspect.unwrap(value),)
        codes = [function.__code__ for function in functions if inspect.isfunction(function)]
        yield from filter(is_private, (name, *(taken for code in codes for taken in code.co_names)))


def taken(ours: type) -> set[str]:
    """Return the private names that the source of a class defines, or takes from ``self`` or ``super()``."""
    names = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(ours)))):
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Attribute):
            value = node.value.func if isinstance(node.value, ast.Call) else node.value
            if isinstance(value, ast.Name) and value.id in ("self", "super"):
                names.add(node.attr)
    return {name for name in names if is_private(name)}


def is_private(name: str) -> bool:
    """Tell whether a name begins with one underscore; those that Python itself gives begin with two."""
    return name.startswith("_") and not name.startswith("__")
