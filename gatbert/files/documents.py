"""JSON and YAML files as plain values: what is damaged, hostile or too large is refused in one sentence."""

import json
from pathlib import Path
from typing import Any

import yaml

from gatbert.errors import UserError

MOST_VALUES = 100_000
"""Values of a YAML file, aliases counted in full; a complete configuration has some hundred."""

MOST_LEVELS = 100
"""Levels on which a YAML file may be nested."""


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        UserError: If the file is missing, damaged, nested too deeply, or holds anything else.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise UserError(f"{path} cannot be read: it is nested too deeply") from error
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise UserError(f"{path} holds no JSON object")
    return found


def read_yaml(path: Path) -> Any:
    """Read a YAML file; nothing in it can run code, or grow beyond its limits by aliases.

    Raises:
        UserError: If the file is missing, damaged, nested too deeply, or too large.
    """
    try:
        text = path.read_text(encoding="utf-8")
        _check_size(text)
        return yaml.load(text, yaml.CSafeLoader)  # the parser of C is some ten times as fast
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        why = " ".join(str(part) for part in (error.context, error.problem) if part)
        raise UserError(f"{path}{line} is no YAML file that can be read: {why}; look at its indentation") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UserError(f"{path} is no YAML file that can be read: {reason}") from error
    except (AttributeError, LookupError, TypeError) as error:  # of constructors, where a tag lies about its value
        raise UserError(
            f"{path} is no YAML file that can be read: it has a value that is not what its tag says"
        ) from error


def _check_size(text: str) -> None:
    """Refuse what aliases make too large, or nesting too deep: the parser of C does not survive it.

    Raises:
        ValueError: With the reason.
    """
    known: dict[str, int] = {}  # number of values of each anchor
    sizes, anchors = [0], [""]  # of the collections that are open, the innermost last
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            sizes.append(1)
            anchors.append(event.anchor or "")
        elif isinstance(event, yaml.CollectionEndEvent):
            size = sizes.pop()
            sizes[-1] += size
            known[anchors.pop()] = size
        elif isinstance(event, yaml.ScalarEvent):
            sizes[-1] += 1
            known[event.anchor or ""] = 1
        elif isinstance(event, yaml.AliasEvent):
            # An alias within its own anchor never ends.
            if event.anchor not in known or event.anchor in anchors:
                raise ValueError(f"the alias *{event.anchor} names nothing, or what it stands in")
            sizes[-1] += known[event.anchor]
        if len(sizes) > MOST_LEVELS:
            raise ValueError(f"it is nested more than {MOST_LEVELS} levels deep")
        if sizes[-1] > MOST_VALUES:
            raise ValueError(f"it has more than {MOST_VALUES:,} values, aliases counted in full")
