"""Whether encoder and tokenizer are where compute nodes can read them, which have no network."""

from collections.abc import Iterator

from huggingface_hub import HfApi
from transformers import AutoConfig

from gatbert.cli.encoders import encoders_of
from gatbert.doctor.asked_run import AskedRun
from gatbert.doctor.findings import Finding
from gatbert.files.paths import resolve
from gatbert.pretrained.checkpoints import Recipe
from gatbert.pretrained.encoders import is_checkpoint, load_tokenizer
from gatbert.pretrained.hub import SHARDS, WHOLE, from_pretrained, how_to_get, is_cached, is_hub_id

TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "tokenizer.model", "sentencepiece.bpe.model")
"""Files of which a tokenizer has one at least."""

PATIENCE = 5
"""Seconds that the hub has to answer."""


def look_at_encoders(run: AskedRun) -> Iterator[Finding]:
    """Look for the encoder, and for that which reads definitions: in a folder, a checkpoint, or the hub's cache."""
    for source in encoders_of(run.config):
        if is_checkpoint(source):
            recipe = Recipe.read(source)
            yield Finding("ok", f"{resolve(source)}, from {recipe.pretrained_model}")
        elif is_hub_id(source) and not is_cached(source):
            yield _elsewhere(source)
        elif (lacks := _lacking(source)) is not None:
            yield Finding("fault", f"pretrained_model {source!r}: {resolve(source)} has no {lacks}", "copy it whole")
        else:
            load_tokenizer(source)
            family = from_pretrained(AutoConfig, source).model_type
            yield Finding("ok", f"{source} ({family}) and its tokenizer, {_place(source)}")


def _lacking(source: str) -> str | None:
    """Return what a folder lacks of a model; transformers would build a tokenizer without words in silence."""
    folder = resolve(source)
    if not folder.is_dir():
        return None
    names = {path.name for path in folder.iterdir()}
    needed = {"tokenizer": TOKENIZERS, "weights": (*WHOLE, *SHARDS)}
    return next((what for what, files in needed.items() if names.isdisjoint(files)), None)


def _elsewhere(source: str) -> Finding:
    """Tell of a hub id that is not in the cache whether the run could load it all the same."""
    try:
        HfApi().model_info(source, timeout=PATIENCE)
    except Exception as error:  # a network can fail in as many ways as there are libraries below
        why = f"the hub is out of reach, or has no such model ({type(error).__name__})"
        return Finding("fault", f"pretrained_model {source!r} cannot be loaded, as {why}", how_to_get(source))
    return Finding("warning", f"pretrained_model {source!r} would be loaded from the network", how_to_get(source))


def _place(source: str) -> str:
    return "in the hub's cache" if is_hub_id(source) else f"in {resolve(source)}"
