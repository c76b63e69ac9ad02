"""What a checkpoint says about itself: all that is needed to rebuild its classifier, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch

from gatbert.errors import UserError
from gatbert.paths import resolve

RECIPE_KEY = "gatbert"
FORMAT_VERSION = 2


@dataclass(frozen=True)
class Recipe:
    """Hold how to rebuild a classifier without network, base weights or the command that trained it.

    Attributes:
        classifier: Class path of the classifier.
        classifier_options: Keyword options of its constructor, defaults included.
        pretrained_model: Where the encoder came from, for the record.
        encoder_config: Configuration of the encoder, in plain form.
        tokenizer: Files of the tokenizer, text by name.
        stances: Label set, in the order of the logits.
        max_length: Most tokens of a sample in training, or ``None`` for the limit of the encoder.
        relations: Name of each relation id, or ``None`` for classifiers that read no graph.
        format_version: Version of this layout.
    """

    classifier: str
    classifier_options: dict[str, Any]
    pretrained_model: str
    encoder_config: dict[str, Any]
    tokenizer: dict[str, str]
    stances: list[str]
    max_length: int | None
    relations: list[str] | None
    format_version: int = FORMAT_VERSION

    def check_relations(self, relations: Sequence[str] | None, path: str | Path) -> None:
        """Refuse data whose edges mean something else than those of training.

        Args:
            relations: Name of each relation id of the data.
            path: The checkpoint.

        Raises:
            UserError: If an id has another name, or is not known.
        """
        if self.relations is None or relations is None:
            return
        for number, name in enumerate(relations):
            if number >= len(self.relations) or self.relations[number] != name:
                trained = self.relations[number] if number < len(self.relations) else "nothing"
                raise UserError(
                    f"relation {number} is {name!r} in the data and {trained!r} in {path}; tag the data with the graph "
                    "of the training data (gatbert tag --graph)"
                )

    def plain(self) -> dict[str, Any]:
        """Return the recipe as a dictionary of plain values."""
        return asdict(self)

    @classmethod
    def read(cls, path: str | Path) -> "Recipe":
        """Read the recipe of a checkpoint file; errors as in ``read_checkpoint``."""
        return cls.of(read_checkpoint(path), path)

    @classmethod
    def of(cls, checkpoint: Mapping[str, Any], path: str | Path) -> "Recipe":
        """Return the recipe of a loaded checkpoint.

        Raises:
            UserError: If it was not written by gatbert, or by another format version.
        """
        values = checkpoint.get(RECIPE_KEY)
        if not isinstance(values, dict):
            raise UserError(f"{path} is a checkpoint, but not one that gatbert wrote: it has no {RECIPE_KEY!r} entry")
        if values.get("format_version") != FORMAT_VERSION:
            raise UserError(
                f"{path} has checkpoint format {values.get('format_version')}; this gatbert reads {FORMAT_VERSION}"
            )
        return cls(**{field.name: values[field.name] for field in fields(cls)})


def read_checkpoint(path: str | Path) -> dict[str, Any]:
    """Load a checkpoint onto the CPU, plain values and tensors only.

    Raises:
        UserError: If the file is missing, cut short, or no checkpoint.
    """
    file = resolve(path)
    if not file.is_file():
        raise UserError(f"checkpoint {file} does not exist")
    try:
        return torch.load(file, map_location="cpu", weights_only=True, mmap=True)  # type: ignore[no-any-return]
    except Exception as error:  # torch.load raises a different type for each way in which a file can be broken
        raise UserError(f"checkpoint {file} cannot be read: it is cut short or no PyTorch checkpoint") from error
