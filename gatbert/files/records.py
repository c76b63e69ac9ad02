"""Records that cross a file boundary: dataclasses to plain values, and back with every type checked."""

import difflib
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import datetime, timezone
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from gatbert.errors import UserError

Record = TypeVar("Record")


@dataclass(frozen=True)
class Accepted:
    """Say which values a field takes, as part of its annotation: ``Annotated[float, Accepted("a share", is_share)]``.

    Attributes:
        words: What is accepted, as a message says it.
        holds: Whether a value of the type is accepted.
    """

    words: str
    holds: Callable[[Any], bool] = lambda _: True


def timestamp() -> str:
    """Return the time as records have it: in UTC, to the second."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def to_plain(value: Any) -> Any:
    """Return a record as dictionaries, lists, strings, numbers, booleans and ``None``; sets come in order."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value) if field.init}
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted(value)
    return [to_plain(item) for item in value] if isinstance(value, Sequence) and not isinstance(value, str) else value


def from_plain(kind: type[Record], values: Any, where: str, complete: bool = True) -> Record:
    """Return the record that plain values describe.

    Args:
        kind: Dataclass of the record.
        values: What ``to_plain`` returned, maybe out of a file.
        where: What the values are, for messages.
        complete: Whether every field must be there, and nothing else. Otherwise fields that are missing or ``None``
            keep their defaults, and what the record does not know is passed over: a file of another version is read.

    Raises:
        UserError: If a value is missing, has another type, is not accepted, or has no place in the record.
    """
    record: Record = _record(kind, values, f"{where} is damaged", complete)
    return record


def from_user(kind: type[Record], values: Any, where: str) -> Record:
    """Return the record that a user's options describe; those that are missing or ``None`` keep their defaults.

    Args:
        kind: Dataclass of the record.
        values: Options by name.
        where: What the values are, for messages.

    Raises:
        UserError: ``WHERE: what is wrong``, if an option is unknown, or its value is not accepted.
    """
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    if isinstance(values, dict) and (unknown := [str(name) for name in values if name not in names]):
        near = difflib.get_close_matches(unknown[0], names, n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; accepted are {', '.join(names)}"
        raise UserError(f"{where}: there is no option {_short(unknown[0])}{hint}")
    record: Record = _record(kind, values, where, complete=False)
    return record


def _record(kind: Any, values: Any, where: str, complete: bool) -> Any:
    """Return the record that a dictionary describes."""
    if not isinstance(values, dict):
        raise UserError(f"{where}: {_short(values)} is no record of {kind.__name__}")
    hints = get_type_hints(kind, include_extras=True)  # annotations may be strings
    names = [field.name for field in fields(kind) if field.init]
    required = [field.name for field in fields(kind) if field.init and (complete or _has_no_default(field))]
    if not complete:
        values = {name: values[name] for name in names if values.get(name) is not None}
    if missing := [name for name in required if name not in values]:
        raise UserError(f"{where}: {missing[0]!r} is missing")
    if unknown := [name for name in values if name not in names]:
        raise UserError(f"{where}: {_short(unknown[0])} is none of {', '.join(names)}")
    found = {name: _value(hints[name], value, f"{where}: {name}", complete) for name, value in values.items()}
    try:
        return kind(**found)
    except UserError as error:
        raise UserError(f"{where}: {error}") from error


def _has_no_default(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _value(hint: Any, value: Any, where: str, complete: bool) -> Any:
    """Return a plain value as a type asks for it."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        for rule in args[1:]:
            if isinstance(rule, Accepted) and not (_is_one(args[0], value) and rule.holds(value)):
                raise UserError(f"{where} is {str(value)[:40]!r}; accepted is {rule.words}")
        return _value(args[0], value, where, complete)
    if origin in (Union, UnionType):
        (rest,) = (member for member in args if member is not NoneType)
        return None if value is None else _value(rest, value, where, complete)
    if is_dataclass(hint):
        return _record(hint, value, where, complete)
    if origin is Mapping and isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _value(args[1], item, f"{where}.{key}", complete) for key, item in value.items()}
    if origin in (tuple, frozenset) and isinstance(value, list):
        return _items(hint, value, where, complete)
    if not _is_one(hint, value):
        accepted = ", ".join(map(str, args)) if origin is Literal else getattr(hint, "__name__", hint)
        raise UserError(f"{where} {_short(value)} is not accepted; accepted is {accepted}")
    return value


def _is_one(hint: Any, value: Any) -> bool:
    """Tell whether a value is one of a simple type; a whole number is a number, too."""
    if get_origin(hint) is Literal:
        return type(value) is str and value in get_args(hint)
    return hint is Any or type(value) is hint or (hint is float and type(value) is int)


def _items(hint: Any, values: list[Any], where: str, complete: bool) -> Any:
    """Return a list as a tuple of one type throughout, a tuple of a type for each place, or a set."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is tuple and args[-1] is not Ellipsis:
        if len(values) != len(args):
            raise UserError(f"{where} {_short(values)} is not accepted; accepted are {len(args)} values")
        return tuple(_value(part, item, where, complete) for part, item in zip(args, values, strict=True))
    if args[0] in (str, int) and {type(value) for value in values} <= {args[0]}:
        return origin(values)  # many and simple, as the ids of concepts are
    return origin(_value(args[0], value, where, complete) for value in values)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."
