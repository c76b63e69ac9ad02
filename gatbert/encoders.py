"""Pretrained text encoders and their tokenizers, from a hub, a folder, an installed package or a checkpoint."""

import inspect
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn
from transformers import MODEL_MAPPING, AutoConfig, AutoModel, AutoTokenizer, PretrainedConfig, PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer
from transformers.utils import logging

from gatbert.checkpoints import Recipe, read_checkpoint
from gatbert.errors import UserError
from gatbert.paths import resolve

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


def load_encoder(source: str) -> PreTrainedModel:
    """Load an encoder in train mode and fp32, without the pooling layer that no classifier here uses.

    Args:
        source: Hub id, folder, ``pkg:PACKAGE/FOLDER``, or a checkpoint of gatbert (its encoder, fine-tuned).

    Raises:
        UserError: If there is no such encoder, or it is no text encoder.
    """
    if is_checkpoint(source):
        return _encoder_from_checkpoint(source)
    config = _from_pretrained(AutoConfig, source)
    # from_pretrained asks for the dtype of the file by default: fp16 weights would then be trained in fp16.
    options = {"config": config, "dtype": torch.float32, "output_loading_info": True, **_without_pooler(config)}
    encoder, report = _from_pretrained(AutoModel, source, **options)
    if report["missing_keys"]:
        missing = sorted(report["missing_keys"])
        raise UserError(
            f"pretrained_model {source!r} lacks {len(missing)} weights of its encoder, such as {missing[0]}; "
            "they would be random"
        )
    # from_pretrained returns a model in eval mode, and Lightning does not put it back.
    return cast(PreTrainedModel, encoder.train())


def build_encoder(config: Mapping[str, Any]) -> PreTrainedModel:
    """Build an encoder with random weights from the plain form of its configuration."""
    values = dict(config)
    built = AutoConfig.for_model(values.pop("model_type"), **values)
    encoder = AutoModel.from_config(built, **_without_pooler(built))  # type: ignore[no-untyped-call]
    return cast(PreTrainedModel, encoder.train())


def load_tokenizer(source: str) -> Tokenizer:
    """Load the fast tokenizer of an encoder; ``source`` as in ``load_encoder``.

    Raises:
        UserError: If there is no such tokenizer, or it has no fast form.
    """
    if is_checkpoint(source):
        return build_tokenizer(Recipe.read(source).tokenizer)
    tokenizer = cast(Tokenizer, _from_pretrained(AutoTokenizer, source))
    if not tokenizer.is_fast:
        raise UserError(f"pretrained_model {source!r} has no fast tokenizer (tokenizer.json); gatbert needs one")
    return tokenizer


def tokenizer_files(tokenizer: Tokenizer) -> dict[str, str]:
    """Return the files of a fast tokenizer as text by name, plain values that a checkpoint can carry."""
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.save_pretrained(folder)
        return {name: (Path(folder) / name).read_text(encoding="utf-8") for name in TOKENIZER_FILES}


def build_tokenizer(files: Mapping[str, str]) -> Tokenizer:
    """Build a tokenizer from what ``tokenizer_files`` returned."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        return cast(Tokenizer, AutoTokenizer.from_pretrained(folder))


def max_positions(encoder: nn.Module) -> int | None:
    """Return how many tokens an encoder has positions for, or ``None`` if its positions are relative or rotary."""
    for name, module in encoder.named_modules():
        if name.endswith("position_embeddings") and isinstance(module, nn.Embedding):
            # RoBERTa and its kin count positions from the padding index on.
            reserved = 0 if module.padding_idx is None else module.padding_idx + 1
            return module.num_embeddings - reserved
    return None


def quiet_transformers() -> None:
    """Silence what transformers says while it loads; what matters of it, ``load_encoder`` says itself."""
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def is_checkpoint(source: str) -> bool:
    """Tell whether ``source`` names a checkpoint file rather than a hub id, folder or package."""
    return source.endswith(".ckpt")


def _encoder_from_checkpoint(path: str) -> PreTrainedModel:
    checkpoint = read_checkpoint(path)
    encoder = build_encoder(Recipe.of(checkpoint, path).encoder_config)
    prefix = "classifier.encoder."
    state = {k.removeprefix(prefix): v for k, v in checkpoint["state_dict"].items() if k.startswith(prefix)}
    encoder.load_state_dict(state)
    return encoder


def _from_pretrained(auto_class: Any, source: str, **options: Any) -> Any:
    """Load from a folder, else from the hub's cache, else from the hub: what is cached needs no network."""
    location = resolve(source)
    is_hub_id = re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", source) is not None
    if not location.is_dir() and not is_hub_id:
        raise UserError(f"pretrained_model {source!r}: there is no folder {location}")
    try:
        if location.is_dir():
            return auto_class.from_pretrained(str(location), **options)
        try:
            return auto_class.from_pretrained(source, local_files_only=True, **options)
        except OSError:
            return auto_class.from_pretrained(source, **options)
    except (OSError, ValueError, KeyError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UserError(
            f"pretrained_model {source!r} cannot be loaded ({reason}); accepted are a hub id in the Hugging Face cache "
            "or within reach of the network, a folder, pkg:PACKAGE/FOLDER, or a gatbert checkpoint (.ckpt)"
        ) from error


def _without_pooler(config: PretrainedConfig) -> dict[str, bool]:
    model_class = MODEL_MAPPING.get(type(config), None)
    takes_it = model_class is not None and "add_pooling_layer" in inspect.signature(cast(type, model_class)).parameters
    return {"add_pooling_layer": False} if takes_it else {}
