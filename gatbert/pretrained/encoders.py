"""Pretrained text encoders and their tokenizers, from a hub, a folder, an installed package or a checkpoint."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import torch
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer
from transformers.utils import logging

from gatbert.errors import UserError
from gatbert.files.manifest import has_manifest
from gatbert.files.paths import resolve
from gatbert.pretrained.adapters import REMEDY, adapt, merged
from gatbert.pretrained.checkpoints import Recipe, read_checkpoint
from gatbert.pretrained.configurations import build_encoder, text_encoder, without_pooler
from gatbert.pretrained.exported import TOKENIZER_FILES
from gatbert.pretrained.hub import first_line, from_pretrained
from gatbert.pretrained.special_tokens import ready_for_pairs
from gatbert.pretrained.weights import ENCODER, kept_weights, load_weights, weights


def load_encoder(source: str) -> PreTrainedModel:
    """Load an encoder in train mode and fp32, without the pooling layer that no classifier here uses.

    Of an encoder-decoder (BART, T5) it is the encoder alone: what the whole model returns are the decoder's states.

    Args:
        source: Hub id, folder, ``pkg:PACKAGE/FOLDER``, or a checkpoint or export of gatbert (its encoder,
            fine-tuned).

    Raises:
        UserError: If there is no such encoder, it is no text encoder, or a checkpoint has only some of its layers.
    """
    if is_checkpoint(source):
        return _encoder_from_checkpoint(source)[0]
    config = from_pretrained(AutoConfig, source)
    if getattr(config, "quantization_config", None) is not None:
        raise UserError(
            f"pretrained_model {source!r} is quantized, so that it cannot be trained; give it in full precision, and "
            "--model.lora.quantize to load it in 8 or 4 bits"
        )
    # from_pretrained asks for the dtype of the file by default: fp16 weights would then be trained in fp16.
    options = {"config": config, "dtype": torch.float32, "output_loading_info": True, **without_pooler(config)}
    model, report = from_pretrained(AutoModel, source, **options)
    encoder = text_encoder(model)
    if getattr(encoder.config, "use_cache", False):
        encoder.config.use_cache = False  # a decoder would keep keys and values for words that are never written
    missing = sorted(name for name in report["missing_keys"] if encoder is model or not name.startswith("decoder."))
    if missing:
        raise UserError(
            f"pretrained_model {source!r} lacks {len(missing)} weights of its encoder, such as {missing[0]}; "
            "they would be random"
        )
    # from_pretrained returns a model in eval mode, and Lightning does not put it back.
    return cast(PreTrainedModel, encoder.train())


def load_encoder_for(classifier: str, options: Mapping[str, Any], source: str) -> tuple[PreTrainedModel, int | None]:
    """Load the encoder of a classifier, and return it with the number of layers that it had when it was pretrained.

    From a checkpoint of the very same classifier, which is tested or goes on, the layers that it has kept are enough.

    Args:
        classifier: Import path of the classifier.
        options: Its options.
        source: As ``load_encoder`` takes it.

    Raises:
        UserError: As in ``load_encoder``.
    """
    if is_checkpoint(source):
        encoder, recipe = _encoder_from_checkpoint(source, (classifier, options))
        depth = recipe.encoder_depth
    else:
        encoder, depth = load_encoder(source), None
    return encoder, depth or getattr(encoder.config, "num_hidden_layers", None)


def load_tokenizer(source: str) -> Tokenizer:
    """Load the fast tokenizer of an encoder; ``source`` as in ``load_encoder``.

    Raises:
        UserError: If there is no such tokenizer, or it has no fast form.
    """
    if is_checkpoint(source):
        return build_tokenizer(Recipe.read(source).tokenizer)
    tokenizer = cast(Tokenizer, from_pretrained(AutoTokenizer, source))
    if not tokenizer.is_fast:
        raise UserError(f"pretrained_model {source!r} has no fast tokenizer (tokenizer.json); gatbert needs one")
    return ready_for_pairs(tokenizer)


def tokenizer_files(tokenizer: Tokenizer) -> dict[str, str]:
    """Return the files of a fast tokenizer as text by name, plain values that a checkpoint can carry."""
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.save_pretrained(folder)
        return {name: (Path(folder) / name).read_text(encoding="utf-8") for name in TOKENIZER_FILES}


def build_tokenizer(files: Mapping[str, str]) -> Tokenizer:
    """Build a tokenizer from what ``tokenizer_files`` returned; other files are left alone.

    Raises:
        UserError: If a file is missing or damaged.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name in TOKENIZER_FILES:
            if name not in files:
                raise UserError(f"the tokenizer in the checkpoint lacks {name}; the checkpoint is damaged")
            (Path(folder) / name).write_text(files[name], encoding="utf-8")
        try:
            found = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
            return ready_for_pairs(cast(Tokenizer, found))
        except Exception as error:  # the tokenizers library raises plain exceptions
            raise UserError(f"the tokenizer in the checkpoint cannot be used ({first_line(error)})") from error


def quiet_transformers() -> None:
    """Silence what transformers says while it loads; what matters of it, ``load_encoder`` says itself."""
    logging.set_verbosity_error()
    logging.disable_progress_bar()


def is_checkpoint(source: str) -> bool:
    """Tell whether ``source`` names a checkpoint file or an export, rather than a hub id, folder or package."""
    return source.endswith(".ckpt") or has_manifest(resolve(source))


def encoder_of_checkpoint(
    checkpoint: Mapping[str, Any], recipe: Recipe, path: str | Path, given: str | None = None
) -> PreTrainedModel:
    """Return an encoder into which the encoder's weights of a checkpoint fit.

    It has random weights, as all of them are in the checkpoint; beside an adapter, it has those of its base.

    Args:
        checkpoint: The checkpoint.
        recipe: What it says about itself.
        path: Where it is, for messages.
        given: Where the user says that the base of an adapter is, in place of where it was in training.

    Raises:
        UserError: If the base is needed, and is not there or another.
    """
    if recipe.adapter is None:
        return build_encoder(recipe.encoder_config, weights(checkpoint, ENCODER, path))
    base = given or recipe.pretrained_model
    check_base_is_there(recipe, path, base)
    encoder, adapter = adapt(load_encoder(base), recipe.adapter.lora)
    recipe.adapter.check_base(adapter.base_sha256, base, path)
    return encoder


def check_base_is_there(recipe: Recipe, path: str | Path, base: str) -> None:
    """Refuse a checkpoint of an adapter whose base cannot be found; of other checkpoints, nothing is looked at.

    Raises:
        UserError: If it is not there.
    """
    if recipe.adapter is None:
        return
    try:
        if is_checkpoint(base):
            Recipe.read(base)
        else:
            from_pretrained(AutoConfig, base)
    except UserError as error:
        raise UserError(f"{path} holds an adapter alone, and needs its encoder ({error}); {REMEDY}") from error


def _encoder_from_checkpoint(
    path: str, wanted: tuple[str, Mapping[str, Any]] | None = None
) -> tuple[PreTrainedModel, Recipe]:
    """Return the encoder of a classifier as it was fine-tuned, if it has kept all layers that are wanted."""
    checkpoint = read_checkpoint(path)
    recipe = Recipe.from_checkpoint(checkpoint, path)
    kept = recipe.encoder_config.get("num_hidden_layers")
    is_cut = recipe.encoder_depth is not None and isinstance(kept, int) and kept < recipe.encoder_depth
    if is_cut and not (wanted and recipe.is_of(*wanted)):
        raise UserError(
            f"{path} holds {kept} of the {recipe.encoder_depth} layers of its encoder, as "
            f"{recipe.classifier.rpartition('.')[2]} has no use for more; give a checkpoint of another classifier, or "
            f"the encoder from which it was trained ({recipe.pretrained_model})"
        )
    if recipe.adapter is None:
        encoder = encoder_of_checkpoint(checkpoint, recipe, path)
        load_weights(encoder, weights(checkpoint, ENCODER, path), path)
        return encoder, recipe
    # An adapter is merged into the weights as they were before they were quantized: whole numbers are not trained on.
    whole = replace(recipe.adapter, lora=replace(recipe.adapter.lora, quantize=None))
    encoder = encoder_of_checkpoint(checkpoint, replace(recipe, adapter=whole), path)
    load_weights(encoder, weights(checkpoint, ENCODER, path), path, kept_weights(encoder))
    return merged(encoder), recipe
