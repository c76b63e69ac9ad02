"""What is read of a sample as text, as users give it."""

from collections.abc import Sequence
from dataclasses import dataclass

from gatbert.corpora.background_file import read_backgrounds, with_backgrounds
from gatbert.errors import UserError
from gatbert.files.checksums import sha256_of_files
from gatbert.files.paths import resolve
from gatbert.ranges import PositiveInt, check_ranges
from gatbert.samples import Sample
from gatbert.samples.background import BackgroundName
from gatbert.samples.pair_settings import PairSettings


@dataclass(frozen=True)
class PairOptions:
    """Hold the options of the pair that is read of a sample; one that is ``None`` is not given.

    Attributes:
        first: Template of the first of the pair, with {target}, {text}, {context} or {background} in it; by default
            the checkpoint's, else "{target}".
        second: Template of the second, such as "{context} {text}"; "" for none; by default the checkpoint's, else
            "{text}".
        background: What is read as the background, where a template has it, else after the pair: nothing (none), the
            text of columns.background or background_file (text), the concepts of a tagged sample by name, nearest
            first (concepts), or each with its definition; by default the checkpoint's, else none.
        background_file: JSON lines of {target: text}, the backgrounds of targets.
        max_target_length: Most tokens of a target; by default a target is never cut.
    """

    first: str | None = None
    second: str | None = None
    background: BackgroundName | None = None
    background_file: str | None = None
    max_target_length: PositiveInt | None = None

    def __post_init__(self) -> None:
        check_ranges(PairOptions, vars(self), "--data.")
        if self.background_file is not None and self.settings().background != "text":
            raise UserError(
                f"--data.background_file {self.background_file} is read with --data.background text, and background "
                f"is {self.settings().background}"
            )

    def settings(self) -> PairSettings:
        """Return what is read of each sample."""
        names = ("first", "second", "background", "max_target_length")
        given = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return PairSettings(**given)

    def checksums(self) -> dict[str, str]:
        """Return the SHA-256 of the file of backgrounds by its path, if there is one.

        Raises:
            UserError: If it does not exist.
        """
        if self.background_file is None:
            return {}
        path = resolve(self.background_file)
        if not path.is_file():
            raise UserError(f"--data.background_file {path} does not exist")
        return {self.background_file: sha256_of_files([path])}

    def completed(self, samples: Sequence[Sample]) -> Sequence[Sample]:
        """Return samples with the backgrounds of the file, if there is one.

        Raises:
            UserError: If no sample has what is to be read.
        """
        if self.background_file is not None:
            samples = list(with_backgrounds(samples, read_backgrounds(resolve(self.background_file))))
        for name in sorted(self.settings().fields):
            if samples and not any(getattr(sample, name) for sample in samples):
                or_file = " or --data.background_file FILE" if name == "background" else ""
                raise UserError(
                    f"{name} is to be read, and none of the samples has one, such as sample {samples[0].id!r}; give "
                    f"columns {{{name}: COLUMN}}{or_file}, before the corpus is tagged if it is"
                )
        return samples
