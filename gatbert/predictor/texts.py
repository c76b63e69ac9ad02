"""Texts and targets as users of Python have them, in any iterable, to samples."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from gatbert.errors import UserError
from gatbert.samples import LANGUAGE, Sample

_END = object()


def samples_of(
    texts: Iterable[str],
    targets: str | Iterable[str],
    contexts: str | Iterable[str] | None = None,
    language: str | None = None,
) -> Iterator[Sample]:
    """Yield a sample for each text; its id is its number.

    Args:
        texts: Posts.
        targets: One target for all, or one for each.
        contexts: One context for all, or one for each, maybe empty; by default none has one.
        language: Language of the texts, for a graph of several.

    Raises:
        UserError: If a text or target is no string or empty, a context is no string, or there are more of one than of
            the other.
    """
    for sample in _with_contexts(_with_targets(texts, targets), contexts):
        yield sample if language is None else replace(sample, meta={LANGUAGE: language})


def _with_targets(texts: Iterable[str], targets: str | Iterable[str]) -> Iterator[Sample]:
    """Yield a sample for each text with its target."""
    one_target = targets if isinstance(targets, str) else None
    others = iter(()) if isinstance(targets, str) else iter(targets)
    number = 0
    for number, text in enumerate(texts, start=1):
        target = one_target if one_target is not None else next(others, _END)
        if target is _END:
            raise UserError(f"there are {number - 1} targets and more texts; give one target for all, or one for each")
        for kind, value in (("text", text), ("target", target)):
            _check(kind, number, value)
        yield Sample(str(number), text, str(target))
    if next(others, _END) is not _END:
        raise UserError(f"there are {number} texts and more targets; give one target for all, or one for each")


def _check(kind: str, number: int, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        told = "empty" if isinstance(value, str) else f"a {type(value).__name__}"
        raise UserError(f"{kind} {number} is {told}; accepted are strings that are not empty")


def _with_contexts(samples: Iterable[Sample], contexts: str | Iterable[str] | None) -> Iterator[Sample]:
    """Yield samples with their contexts, if there are any."""
    if contexts is None:
        yield from samples
        return
    others = None if isinstance(contexts, str) else iter(contexts)
    for sample in samples:
        context = contexts if others is None else next(others, _END)
        if not isinstance(context, str):
            told = "missing" if context is _END else f"a {type(context).__name__}"
            raise UserError(f"context {sample.id} is {told}; give one for all texts, or one for each, maybe empty")
        yield replace(sample, context=context)
    if others is not None and next(others, _END) is not _END:
        raise UserError("there are more contexts than texts; give one for all texts, or one for each, maybe empty")
