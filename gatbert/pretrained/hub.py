"""Pretrained models, from a folder, an installed package, or the hub of Hugging Face."""

import re
from typing import Any

from gatbert.errors import UserError
from gatbert.files.paths import resolve


def from_pretrained(auto_class: Any, source: str, **options: Any) -> Any:
    """Load from a folder, else from the hub's cache, else from the hub: what is cached needs no network.

    Args:
        auto_class: One of the auto classes of transformers.
        source: Hub id, folder or ``pkg:PACKAGE/FOLDER``.
        options: What it is told besides.

    Raises:
        UserError: If there is no such model, or it cannot be loaded.
    """
    location = resolve(source)
    is_hub_id = re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", source) is not None
    if not location.is_dir() and not is_hub_id:
        raise UserError(f"pretrained_model {source!r}: there is no folder {location}")
    try:
        if location.is_dir():
            return auto_class.from_pretrained(str(location), trust_remote_code=False, **options)
        try:
            return auto_class.from_pretrained(source, trust_remote_code=False, local_files_only=True, **options)
        except OSError:
            return auto_class.from_pretrained(source, trust_remote_code=False, **options)
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"pretrained_model {source!r} cannot be loaded ({first_line(error)}); accepted are a hub id in the "
            "Hugging Face cache or within reach of the network, a folder, pkg:PACKAGE/FOLDER, or a gatbert "
            "checkpoint (.ckpt)"
        ) from error


def first_line(error: Exception) -> str:
    """Return what an error of a library says first, or what it is called if it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
