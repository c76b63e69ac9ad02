"""A checkpoint on the command line: what it decides, and what may not contradict it."""

from typing import Any

from jsonargparse import Namespace

from gatbert.errors import UserError
from gatbert.pretrained.checkpoints import Recipe
from gatbert.pretrained.encoders import check_base_is_there
from gatbert.pretrained.text_reader import open_reader
from gatbert.stance_classifier.option_groups import OPTION_NAMES, classifier_options


def follow_checkpoint(config: Namespace, recipe: Recipe, path: str) -> None:
    """Make a parsed configuration rebuild the classifier of a checkpoint.

    Args:
        config: Configuration of one command, parsed with the recipe as its defaults; it is changed in place.
        recipe: What the checkpoint says about itself.
        path: The checkpoint.

    Raises:
        UserError: If an argument contradicts the checkpoint.
    """
    options = classifier_options(*(config.model[name] for name in OPTION_NAMES))
    # Vectors may lie elsewhere by now.
    vectors = recipe.vectors_source(path, options.get("concept_vectors"))
    moved = {"concept_vectors": vectors} if vectors is not None else {}
    if vectors is not None and recipe.classifier_options.get("concept_embeddings") == "definition":
        open_reader(vectors, recipe.vectors_sha256)
    # The encoder of an adapter, too; any other checkpoint needs none.
    base = None if recipe.adapter is None else config.pretrained_model
    check_base_is_there(recipe, path, config.pretrained_model)
    lora = {} if recipe.adapter is None else dict(vars(recipe.adapter.lora))
    trained_options = {**recipe.classifier_options, **moved}
    given = {
        "--classifier": (config.classifier, recipe.classifier),
        "--pretrained_model": (config.pretrained_model, base or recipe.pretrained_model),
        "--data.max_length": (config.data.init_args.max_length, recipe.max_length),
        **{f"--data.{name}": (config.data.init_args[name], value) for name, value in vars(recipe.pair).items()},
        "--data.stances": (config.data.init_args.stances, list(recipe.stances)),
        **{
            f"--model.lora.{name}": (value, lora.get(name))
            for name, value in vars(config.model.lora or Namespace()).items()
        },
        **{f"--model.{name}": (value, trained_options.get(name)) for name, value in options.items()},
    }
    for flag, (value, trained) in given.items():
        if value is not None and value != trained and value != path:
            raise UserError(
                f"{flag} {value} contradicts the checkpoint {path}, which has {trained}; leave the flag out"
            )
    # The checkpoint is itself a source of encoder and tokenizer: no hub and, but for an adapter, no base weights.
    config.data.init_args.tokenizer = path
    config.model.pretrained_model = base or path
    config.data.init_args.max_length = recipe.max_length
    config.data.init_args.update(Namespace(**vars(recipe.pair)))
    config.data.init_args.stances = config.model.stances = list(recipe.stances)
    if config.data.init_args.transforms is None:
        config.data.init_args.transforms = list(recipe.transforms)
    config.data.init_args.classifier_options = trained_options
    config.model.classifier_args = {name: value for name, value in trained_options.items() if name not in OPTION_NAMES}


def recipe_defaults(recipe: Recipe, classifier: str) -> dict[str, Any]:
    """Return the arguments that a checkpoint decides, as defaults of the parser."""
    lora = None if recipe.adapter is None else dict(vars(recipe.adapter.lora))
    flat = {f"model.{name}": value for name, value in recipe.classifier_options.items() if name in OPTION_NAMES}
    return {"pretrained_model": recipe.pretrained_model, "classifier": classifier, "model.lora": lora, **flat}
