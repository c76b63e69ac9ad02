"""Records that cross a file boundary: dataclasses to plain values, and back with every type checked."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from gatbert.errors import UserError

Record = TypeVar("Record")


def to_plain(value: Any) -> Any:
    """Return a record as dictionaries, lists, strings, numbers, booleans and ``None``; sets come in order."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value) if field.init}
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted(value)
    return [to_plain(item) for item in value] if isinstance(value, Sequence) and not isinstance(value, str) else value


def from_plain(kind: type[Record], values: Any, where: str) -> Record:
    """Return the record that plain values describe.

    Args:
        kind: Dataclass of the record.
        values: What ``to_plain`` returned, maybe out of a file.
        where: What the values are, for messages.

    Raises:
        UserError: If a value is missing, has another type, is not accepted, or has no place in the record.
    """
    record: Record = _record(kind, values, f"{where} is damaged")
    return record


def _record(kind: Any, values: Any, where: str) -> Any:
    """Return the record of a dataclass that a dictionary describes: no field more, none less."""
    if not isinstance(values, dict):
        raise UserError(f"{where}: {_short(values)} is no record of {kind.__name__}")
    hints = get_type_hints(kind, include_extras=True)  # annotations may be strings
    names = [field.name for field in fields(kind) if field.init]
    if missing := [name for name in names if name not in values]:
        raise UserError(f"{where}: {missing[0]!r} is missing")
    if unknown := [name for name in values if name not in names]:
        raise UserError(f"{where}: {_short(unknown[0])} is none of {', '.join(names)}")
    found = {name: _value(hints[name], values[name], f"{where}: {name}") for name in names}
    try:
        return kind(**found)
    except UserError as error:
        raise UserError(f"{where}: {error}") from error


def _value(hint: Any, value: Any, where: str) -> Any:
    """Return a plain value as a type asks for it."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _value(args[0], value, where)
    if origin in (Union, UnionType):  # of a type and None: no record has another
        (rest,) = (member for member in args if member is not NoneType)
        return None if value is None else _value(rest, value, where)
    if is_dataclass(hint):
        return _record(hint, value, where)
    if origin is Mapping and isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _value(args[1], item, f"{where}.{key}") for key, item in value.items()}
    if origin in (tuple, frozenset) and isinstance(value, list):
        return origin(_items(args[0], value, where))
    if not _is_one(hint, value):
        accepted = ", ".join(map(str, args)) if origin is Literal else getattr(hint, "__name__", hint)
        raise UserError(f"{where} {_short(value)} is not accepted; accepted is {accepted}")
    return value


def _is_one(hint: Any, value: Any) -> bool:
    """Tell whether a value is one of a simple type; a whole number is a number, too."""
    if get_origin(hint) is Literal:
        return type(value) is str and value in get_args(hint)
    return hint is Any or type(value) is hint or (hint is float and type(value) is int)


def _items(hint: Any, values: list[Any], where: str) -> Iterable[Any]:
    if hint in (str, int) and {type(value) for value in values} <= {hint}:
        return values  # many and simple, as the ids of concepts are
    return [_value(hint, value, where) for value in values]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."
