"""What a result about a checkpoint is about: which model, which data, which split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gatbert.files.records import timestamp
from gatbert.version import __version__


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Hold which model was asked about which data.

    Attributes:
        checkpoint: The checkpoint, as the user wrote it.
        classifier: Class path of its classifier.
        encoder: Where its encoder came from.
        files: SHA-256 of each corpus file of the split, by its path as the user wrote it; of all files where the split
            has none of its own.
        corpus_type: Format of these files.
        split: Split.
        transforms: Changes of every sample, beside those of a condition.
        gatbert: Version of gatbert.
        created: When.
    """

    checkpoint: str
    classifier: str
    encoder: str
    files: Mapping[str, str]
    corpus_type: str
    split: str
    transforms: Sequence[str]
    gatbert: str = __version__
    created: str = field(default_factory=timestamp)

    def facts(self) -> list[tuple[str, str]]:
        """Return what a reader wants to know, each with its label."""
        transforms = f", with {', '.join(self.transforms)}" if self.transforms else ""
        return [
            ("model", f"{self.classifier.rpartition('.')[2]} on {self.encoder}"),
            ("checkpoint", self.checkpoint),
            ("data", f"{self.split} split of {', '.join(self.files)}{transforms}"),
            ("made", f"{self.created[:10]}, gatbert {self.gatbert}"),
        ]
