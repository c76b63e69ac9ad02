"""Predictions without any training: by a pretrained model of natural language inference."""

from typing import Any

from jsonargparse import Namespace

from gatbert.errors import UserError
from gatbert.pretrained.hub import DEFAULT_MODEL
from gatbert.pretrained.nli_head import FIRST, SECOND, nli_labels


def zero_shot_defaults(config: Namespace, command: str) -> dict[str, Any]:
    """Return the defaults of a command that evaluates a pretrained model as it is.

    Args:
        config: Configuration of the command.
        command: Its name.

    Raises:
        UserError: If the pretrained model has no head that tells stances.
    """
    source = config.pretrained_model
    # The default is no such model, and may be out of reach.
    if config.model.pooling not in (None, "nli") or source == DEFAULT_MODEL or nli_labels(source) is None:
        raise UserError(
            f"{command} needs a trained model; give --ckpt_path PATH (a .ckpt file that fit wrote), or, for zero "
            "shots, a --pretrained_model whose head has the labels entailment, neutral and contradiction"
        )
    return {"model.pooling": "nli"}


def give_nli_templates(config: Namespace) -> None:
    """Let a model of natural language inference read text and hypothesis, unless templates are given; in place."""
    data = config.get("data") if config.model.pooling == "nli" else None
    if data is not None and data.init_args.first is None and data.init_args.second is None:
        data.init_args.first, data.init_args.second = FIRST, SECOND
