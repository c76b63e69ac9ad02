"""A trained classifier in Python: texts in whatever form they come to stances and probabilities."""

from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, overload

from gatbert.corpora.background_file import with_backgrounds
from gatbert.errors import UserError
from gatbert.explanations import Explanation
from gatbert.predictor.frames import Frame, FrameT, values, with_predictions
from gatbert.predictor.prediction import Prediction
from gatbert.predictor.progress import shown
from gatbert.predictor.sample_predictor import SamplePredictor
from gatbert.predictor.scoring import gold_samples, scores
from gatbert.predictor.texts import samples_of
from gatbert.ranges import PositiveInt, Share, check_ranges
from gatbert.samples import Sample
from gatbert.samples.phrases import fold
from gatbert.stance_classifier.trained import BATCH_SIZE

AT_ONCE = 1024
"""Texts that are tagged and encoded together, and sorted by length into batches: what is in memory at once."""

Texts = str | Iterable[str]


@dataclass(eq=False)
class StancePredictor(SamplePredictor):
    """A trained classifier that predicts, explains and scores texts; ``gatbert.load`` opens one.

    Several threads may ask it at the same time.
    """

    @overload
    def predict(  # type: ignore[overload-overlap]  # a string is an iterable of strings, too; it comes first
        self,
        texts: str,
        targets: str,
        batch_size: int = ...,
        contexts: str | None = ...,
        backgrounds: Mapping[str, str] | None = ...,
        language: str | None = ...,
        *,
        abstain_below: float | None = ...,
    ) -> Prediction: ...

    @overload
    def predict(  # type: ignore[overload-overlap]  # and so is an iterator
        self,
        texts: Iterator[str],
        targets: Texts,
        batch_size: int = ...,
        contexts: Texts | None = ...,
        backgrounds: Mapping[str, str] | None = ...,
        language: str | None = ...,
        *,
        abstain_below: float | None = ...,
    ) -> Iterator[Prediction]: ...

    @overload
    def predict(
        self,
        texts: Iterable[str],
        targets: Texts,
        batch_size: int = ...,
        contexts: Texts | None = ...,
        backgrounds: Mapping[str, str] | None = ...,
        language: str | None = ...,
        *,
        abstain_below: float | None = ...,
        progress: bool | None = ...,
    ) -> list[Prediction]: ...

    @overload
    def predict(
        self,
        texts: FrameT,
        targets: Texts | None = ...,
        batch_size: int = ...,
        contexts: Texts | None = ...,
        backgrounds: Mapping[str, str] | None = ...,
        language: str | None = ...,
        *,
        columns: Mapping[str, str] | None = ...,
        abstain_below: float | None = ...,
        progress: bool | None = ...,
    ) -> FrameT: ...

    def predict(
        self,
        texts: Texts | Frame,
        targets: Texts | None = None,
        batch_size: PositiveInt = BATCH_SIZE,
        contexts: Texts | None = None,
        backgrounds: Mapping[str, str] | None = None,
        language: str | None = None,
        *,
        columns: Mapping[str, str] | None = None,
        abstain_below: Share | None = None,
        progress: bool | None = None,
    ) -> Any:
        """Predict the stance of each text, in the order of the texts.

        Args:
            texts: One text; or several, in a list or any other iterable; or an iterator, which is read as predictions
                are asked for, some ahead; or a ``DataFrame``, whose columns text and target are read.
            targets: One target for all texts, or one for each.
            batch_size: Most texts that are computed together, longest first.
            contexts: One context for all texts, or one for each, maybe empty, for classifiers that read one.
            backgrounds: Text of each target, for classifiers that read it as the background.
            language: Language of the texts, for a graph of several; by default its first.
            columns: Columns of a frame that have other names, such as ``{"text": "post", "target": "topic"}``.
            abstain_below: Probability below which the likeliest stance is not predicted, and nothing is.
            progress: Whether progress is shown; by default that of more than some thousand texts, on a terminal or in
                a notebook.

        Returns:
            A ``Prediction`` for one text, a list of them for several, an iterator of them for an iterator, and for a
            frame a copy with the columns ``predicted`` and ``prob_STANCE``.

        Raises:
            UserError: If a text or target is no string or empty, there are more of one than of the other, a number is
                out of range, or contexts, backgrounds or columns are not given that are read.
        """
        check_ranges(StancePredictor.predict, {"batch_size": batch_size, "abstain_below": abstain_below})
        if not isinstance(texts, str) and isinstance(texts, Frame):
            frame, names = texts, columns or {}
            targets = values(frame, "target", names) if targets is None else targets
            if contexts is None and "context" in self.preprocessor.pair.fields:
                contexts = values(frame, "context", names)
            given: Any = (values(frame, "text", names), targets, batch_size, contexts, backgrounds, language)
            found: Any = self.predict(*given, abstain_below=abstain_below, progress=progress)
            return with_predictions(frame, found, self.stances)
        if targets is None:
            raise UserError("no targets are given; give one target for all texts, or one for each")
        self._check_given(contexts, backgrounds, "predict(..., {}s=)")
        samples = samples_of([texts] if isinstance(texts, str) else texts, targets, contexts, language)
        found = self._predicted(samples, batch_size, abstain_below, backgrounds or {})
        if isinstance(texts, str):
            (prediction,) = found
            return prediction
        if isinstance(texts, Iterator):
            return found
        return list(shown(found, len(texts) if isinstance(texts, Sized) else None, progress))

    def explain(
        self,
        text: str,
        target: str,
        context: str | None = None,
        background: str | None = None,
        language: str | None = None,
        batch_size: PositiveInt = BATCH_SIZE,
    ) -> Explanation:
        """Explain the prediction for one text: what each word and concept contributes to it.

        Args:
            text: The post.
            target: Its target.
            context: Its context, for classifiers that read one.
            background: The background of the target, for classifiers that read one.
            language: Language of the text, for a graph of several; by default its first.
            batch_size: Most variants of the text that are computed together, some hundred in all.

        Raises:
            UserError: As in ``predict``.
        """
        check_ranges(StancePredictor.explain, {"batch_size": batch_size})
        self._check_given(context, background, "explain(..., {}=)")
        (sample,) = samples_of([text], target, context, language)
        return self.explain_sample(replace(sample, background=background or ""), batch_size)

    def evaluate(
        self, corpus: str | Path, split: str = "test", batch_size: PositiveInt = BATCH_SIZE, **reading: Any
    ) -> dict[str, float]:
        """Return the scores on a corpus, 0 to 1 by name, as ``gatbert test`` gives them.

        Args:
            corpus: A corpus file; or a ``--data`` file of training, of which a split is scored.
            split: Which split of a ``--data`` file.
            batch_size: Most samples that are computed together.
            reading: How a corpus file is read, as by the options of the same name of training: corpus_type, columns,
                labels, delimiter, encoding; by default its format is that of its ending.

        Raises:
            UserError: If a file cannot be read, no sample has a gold stance, or the samples do not fit the classifier.
        """
        check_ranges(StancePredictor.evaluate, {"batch_size": batch_size})
        samples = iter(gold_samples(self, corpus, split, reading))
        chunks = iter(lambda: list(islice(samples, AT_ONCE)), [])
        pairs = (
            (sample.stance, prediction.stance)
            for chunk in chunks
            for sample, prediction in zip(chunk, self.predict_samples(chunk, batch_size), strict=True)
        )
        return scores(pairs, self.stances)

    def _predicted(
        self, samples: Iterator[Sample], batch_size: int, abstain_below: float | None, backgrounds: Mapping[str, str]
    ) -> Iterator[Prediction]:
        """Yield the predictions of samples, some of which are in memory at once."""
        known = {fold(target): text for target, text in backgrounds.items()}
        while chunk := list(with_backgrounds(list(islice(samples, AT_ONCE)), known)):
            yield from self.predict_samples(chunk, batch_size, abstain_below)

    def _check_given(self, contexts: Any, backgrounds: Any, call: str) -> None:
        """Refuse a call without what the classifier reads."""
        for name, given in (("context", contexts), ("background", backgrounds)):
            if name in self.preprocessor.pair.fields and given is None:
                raise UserError(f"the classifier reads a {name} beside the text; give {call.format(name)}")
