"""The files among the arguments of a command, looked at before anything large is imported."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from gatbert.errors import UserError
from gatbert.files.documents import read_yaml
from gatbert.files.manifest import has_manifest
from gatbert.files.paths import matching_files, resolve

YAML = (".yaml", ".yml", ".json")
SECTIONS = {"-c": "", "--config": "", "--data": "data.", "--model": "model."}
"""Flags whose value may be a YAML file, and what of the configuration it holds."""

CORPORA = ("train", "val", "test", "predict", "partitions", "files", "paths")
"""Options of the data modules, and of each corpus of a mix, that name corpus files."""


def check_files(args: Sequence[str]) -> None:
    """Refuse files of a command line that are not there, and YAML files that are none.

    Raises:
        UserError: ``FILE:LINE: what is wrong``, or that there is no such file.
    """
    corpora: dict[str, Any] = {}
    for flag, value in with_values(args):
        if flag in SECTIONS and (value.endswith(YAML) or Path(value).is_dir()):
            content = read_options(_existing(flag, value))
            section = content if SECTIONS[flag] == "data." else content.get("data")
            options = section.get("init_args", section) if isinstance(section, dict) else {}
            corpora |= options if isinstance(options, dict) else {}
        elif flag == "--ckpt_path" and value and not has_manifest(resolve(value)):
            _existing(flag, value)
        elif flag.startswith("--data."):
            corpora[flag.removeprefix("--data.").removeprefix("init_args.")] = _value(value)
    mixed = [one for one in corpora.get("corpora") or () if isinstance(one, dict)]
    for name, files in ((name, some.get(name)) for some in (corpora, *mixed) for name in CORPORA):
        for path in _files(name, files):
            if not resolve(path).exists():
                raise UserError(
                    f"data.{name}: the corpus file {resolve(path)} does not exist; paths are relative to {Path.cwd()}"
                )


def read_options(path: Path) -> dict[str, Any]:
    """Read a YAML file of options by name; an empty one has none.

    Raises:
        UserError: If it is no such file.
    """
    found = read_yaml(path)
    if found is not None and not isinstance(found, dict):
        raise UserError(f"{path}: this is a {type(found).__name__}, and no mapping of names to values")
    return found or {}


def data_options(path: str | Path) -> dict[str, Any]:
    """Return the options of the data module that a ``--data`` file describes, alone or within a whole configuration.

    Raises:
        UserError: If it is no such file.
    """
    content = read_options(resolve(path))
    section = content.get("data", content)
    options = section.get("init_args", section) if isinstance(section, dict) else section
    if not isinstance(options, dict):
        raise UserError(f"{path}: data is a {type(options).__name__}, and no mapping of names to values")
    return options


def place_of(key: str, args: Sequence[str]) -> str:
    """Return an argument as the user wrote it: as a flag, or as a name in a file.

    Args:
        key: Dotted name of the argument.
        args: The command line.
    """
    for flag, value in reversed([*with_values(args)]):
        if flag == f"--{key}":
            break
        prefix = SECTIONS.get(flag)
        is_file = prefix is not None and value.endswith(YAML) and key.startswith(prefix)
        if is_file and _holds(read_options(Path(value).expanduser()), key.removeprefix(prefix or "")):
            return f"{key} in {value}"
    return f"--{key}"


def check_sections(args: Sequence[str]) -> None:
    """Refuse sections that are none: the file of a whole configuration, and options of data before their class.

    Raises:
        UserError: If one is given.
    """
    _refuse_options_without_their_class(args)
    _refuse_whole_configurations(args)


def _refuse_whole_configurations(args: Sequence[str]) -> None:
    """Refuse the file of a whole configuration where that of one section is asked for."""
    for flag, value in with_values(args):
        section = SECTIONS.get(flag, "").rstrip(".")
        if section and value.endswith(YAML) and section in read_options(resolve(value)):
            raise UserError(
                f"{flag} {value} is a whole configuration, of which {section} is a section; give it with -c {value}, "
                "or the section in a file of its own"
            )


def _refuse_options_without_their_class(args: Sequence[str]) -> None:
    """Refuse an option of the data that stands before what says of which class they are."""
    early: list[str] = []
    for flag, value in with_values(args):
        if flag == "--data" and early:
            raise UserError(f"{early[0]} stands before --data {value}; give --data first: what stands later wins")
        if flag == "--data" or (flag in ("-c", "--config") and "data" in read_options(resolve(value))):
            return
        if flag.startswith("--data."):
            early.append(flag)
    if early and "--data.class_path" not in early:
        raise UserError(f"{early[0]} is an option of a class; give --data CLASS or --data FILE.yaml before it")


def with_checkpoint_last(args: Sequence[str]) -> list[str]:
    """Return a command line whose checkpoint holds, though a file behind it has none, such as config.yaml of a run."""
    words = list(args)
    for place, (flag, value) in reversed([*enumerate(with_values(args))]):
        if flag in ("-c", "--config") and "ckpt_path" in (found := read_options(resolve(value))):
            if found["ckpt_path"] is not None:
                return words
        elif flag == "--ckpt_path" and words[place] == flag:
            return [*words[:place], *words[place + 2 :], flag, value]
        elif flag == "--ckpt_path":
            return [*words[:place], *words[place + 1 :], words[place]]
    return words


def with_values(args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each word of a command line with its value: what follows its equals sign, or the next word."""
    for word, after in pairwise([*args, ""]):
        flag, equals, value = word.partition("=")
        yield flag, value if equals else after


def _existing(flag: str, value: str) -> Path:
    path = resolve(value)
    if not path.is_file():
        what = "is a folder; give a file" if path.is_dir() else f"does not exist; paths are relative to {Path.cwd()}"
        raise UserError(f"{flag} {value}: {path} {what}")
    return path


def _value(text: str) -> Any:
    """Read a value as the parser does: a list or mapping in YAML, or a word."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def _files(name: str, value: Any) -> Iterable[str]:
    """Return the corpus files that an option names, globs among them."""
    try:
        return matching_files(value if isinstance(value, str) else [one for one in value or () if isinstance(one, str)])
    except UserError as error:
        raise UserError(f"data.{name}: {error}") from error


def _holds(values: Any, key: str) -> bool:
    """Tell whether a file gives a value for a dotted name; the arguments of a class may stand below ``init_args``."""
    first, _, rest = key.partition(".")
    if not isinstance(values, dict):
        return False
    if first in values:
        return not rest or _holds(values[first], rest)
    return "init_args" in values and _holds(values["init_args"], key)
