"""How a stance classifier is trained: loss, optimizer, schedule, scores."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal, Protocol, cast

import lightning.pytorch as pl
import torch
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor

from gatbert.batches import Batch, Preprocessor
from gatbert.callbacks.monitors import check_monitors
from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.errors import UserError
from gatbert.evaluation.metrics import StanceScores
from gatbert.evaluation.scores import metric_names
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.nn.loss import balanced_weights, given_weights, weighted_losses
from gatbert.nn.schedule import Schedule, schedule_factor
from gatbert.pretrained.capacity import check_length, checkpoint_gradients
from gatbert.pretrained.checkpoints import RECIPE_KEY, Recipe
from gatbert.pretrained.encoders import load_encoder, load_tokenizer, tokenizer_files
from gatbert.pretrained.text_reader import TextReader
from gatbert.ranges import NonNegativeFloat, PositiveFloat, Share, check_ranges
from gatbert.samples import Relations
from gatbert.samples.background import BackgroundName
from gatbert.samples.stances import STANCES
from gatbert.stance_classifier import StanceClassifier, TextClassifier
from gatbert.stance_classifier.concept_sources import open_vectors, vector_options
from gatbert.stance_classifier.option_groups import classifier_options
from gatbert.stance_classifier.options import build_classifier, class_path, reads_graph, resolve_options, with_reader


class TrainingData(Protocol):
    """What a training module asks of the data module beside it."""

    @property
    def preprocessor(self) -> Preprocessor:
        """The preprocessor that makes the batches."""

    @property
    def transforms(self) -> Sequence[str]:
        """Changes of every sample, by name."""

    @property
    def tagging(self) -> GraphCorpusInfo | None:
        """How the corpus was tagged; ``None`` if it was not, or if no graph is read."""

    def stance_counts(self) -> Tensor:
        """Return how many training samples each stance has, ``(stances,)``."""


class StanceModule(pl.LightningModule):
    """Train and evaluate a stance classifier.

    Args:
        pretrained_model: Encoder to start from; follows ``--pretrained_model``.
        classifier: Which classifier; follows ``--classifier``.
        stances: Label set, in the order of the logits; follows ``--data.stances``.
        relations: Relations of the graphs; follows the data.
        learning_rate: Peak learning rate of AdamW.
        head_learning_rate: Peak learning rate of all that is not the pretrained encoder; by default the same.
        weight_decay: Weight decay of matrices; biases and norms have none.
        schedule: Learning rate after the warm-up: linear or cosine to zero, or constant.
        warmup_ratio: Share of all steps in which the learning rate rises from zero, 0 to 1.
        encoder_delay: Share of all steps, 0 to 1, in which all but the pretrained encoder is trained before it begins.
        class_weights: Weight of each stance in the loss: balanced (inverse to its training frequency), or given.
        label_smoothing: Probability mass that the loss spreads over all stances, 0 to 1.
        gradient_checkpointing: Recompute activations in the backward pass: less memory, more time.
        options: Options of the classifier; see ``ClassifierOptions``.
    """

    def __init__(
        self,
        pretrained_model: str,
        classifier: type[StanceClassifier] = TextClassifier,
        stances: list[str] | None = None,
        relations: Relations | None = None,
        learning_rate: PositiveFloat = 5e-5,
        head_learning_rate: PositiveFloat | None = None,
        weight_decay: NonNegativeFloat = 0.01,
        schedule: Schedule = "linear",
        warmup_ratio: Share = 0.1,
        encoder_delay: Share = 0.0,
        class_weights: Literal["balanced"] | dict[str, PositiveFloat] | None = None,
        label_smoothing: Share = 0.0,
        gradient_checkpointing: bool = False,
        **options: Any,
    ) -> None:
        check_ranges(StanceModule.__init__, locals())
        super().__init__()
        self.stances = tuple(stances or STANCES)
        self.options = with_reader(resolve_options(classifier, classifier_options(**options)), pretrained_model)
        self.relations = relations if reads_graph(classifier) else None
        self.pretrained_model = pretrained_model
        self.learning_rate = learning_rate
        self.head_learning_rate = learning_rate if head_learning_rate is None else head_learning_rate
        self.weight_decay = weight_decay
        self.schedule = schedule
        self.warmup_ratio = warmup_ratio
        self.encoder_delay = encoder_delay
        self.weighting = class_weights
        self.label_smoothing = label_smoothing
        self.max_length: int | None = None
        self.transforms: tuple[str, ...] = ()
        self.background: BackgroundName = "none"
        self.tagging: GraphCorpusInfo | None = None
        self.save_hyperparameters(_hyperparameters(self, classifier))
        encoder = load_encoder(pretrained_model)
        self.encoder_depth: int | None = getattr(encoder.config, "num_hidden_layers", None)  # before some are cut
        if gradient_checkpointing:
            checkpoint_gradients(encoder, pretrained_model)
        self.classifier = build_classifier(classifier, encoder, len(self.stances), relations, self.options)
        # Balanced weights are set when the training data are known.
        self.register_buffer("class_weights", given_weights(class_weights, self.stances))
        self.val_scores = StanceScores(self.stances)
        self.test_scores = StanceScores(self.stances)

    def setup(self, stage: str) -> None:
        """Take from the data what the loss needs, and check that encoder and data fit together."""
        data = cast("TrainingData | None", getattr(self.trainer, "datamodule", None))
        if data is None:
            return
        self.max_length = data.preprocessor.max_length
        self.background = data.preprocessor.background
        if stage == "fit":
            self.transforms = tuple(data.transforms)
            self.tagging = data.tagging
        check_length(self.classifier.encoder, self.max_length, self.pretrained_model)
        if stage == "fit" and self.weighting == "balanced":
            self.class_weights = balanced_weights(data.stance_counts()).to(self.device)

    def on_fit_start(self) -> None:
        """Refuse callbacks that monitor what is never logged, or in the wrong direction."""
        validated = (f"val_{name}" for name in ("loss", *metric_names(self.stances)))
        check_monitors(self.trainer.callbacks, ["train_loss", *validated, "epoch", "step"])  # type: ignore[attr-defined]

    def forward(self, batch: Batch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        logits: Tensor = self.classifier(batch)
        return logits

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Return the mean loss of a batch."""
        # (batch,) both
        losses, weights = weighted_losses(self(batch), batch.stance_index, self.class_weights, self.label_smoothing)
        loss = losses.sum() / weights.sum()
        self.log("train_loss", loss, prog_bar=True, batch_size=len(batch))
        return loss

    def validation_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Count a batch and return its stance probabilities ``(batch, stances)``."""
        return self._evaluate(batch, self.val_scores)

    def test_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Count a batch and return its stance probabilities ``(batch, stances)``."""
        return self._evaluate(batch, self.test_scores)

    def predict_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Return the stance probabilities of a batch ``(batch, stances)``."""
        logits: Tensor = self(batch)
        return logits.float().softmax(-1)

    def on_validation_epoch_end(self) -> None:
        """Log the validation scores."""
        self._log_scores("val", self.val_scores)

    def on_train_epoch_end(self) -> None:
        """Log what the classifier says of its own parts."""
        self.log_dict(dict(self.classifier.measures()), sync_dist=self.trainer.world_size > 1)

    def on_test_epoch_end(self) -> None:
        """Log the test scores."""
        self._log_scores("test", self.test_scores)

    def configure_optimizers(self) -> OptimizerLRSchedulerConfig:
        """Return AdamW with its schedule, stepped every step."""
        steps = self.trainer.estimated_stepping_batches
        if steps == float("inf"):
            raise UserError(
                f"schedule {self.schedule!r} needs an end; give --trainer.max_epochs or --trainer.max_steps"
            )
        optimizer = torch.optim.AdamW(
            self.classifier.parameter_groups(self.learning_rate, self.head_learning_rate, self.weight_decay)
        )
        delays = [self.encoder_delay * group["pretrained"] for group in optimizer.param_groups]
        factors = [schedule_factor(self.schedule, int(steps), self.warmup_ratio, delay) for delay in delays]
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factors)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add the recipe from which the classifier is rebuilt without network or base weights."""
        checkpoint[RECIPE_KEY] = self.recipe().to_plain()

    def recipe(self) -> Recipe:
        """Return how to rebuild the classifier."""
        vectors = self._vectors
        return Recipe(
            classifier=class_path(type(self.classifier)),
            classifier_options=self.options,
            pretrained_model=self.pretrained_model,
            encoder_config=self.classifier.encoder.config.to_diff_dict(),
            encoder_depth=self.encoder_depth,
            tokenizer=self._tokenizer_files,
            stances=self.stances,
            max_length=self.max_length,
            relations=self.relations,
            transforms=self.transforms,
            background=self.background,
            tagging=self.tagging,
            concept_vector_size=None if vectors is None else vectors.size,
            vectors_sha256=None if vectors is None else vectors.sha256,
        )

    @cached_property
    def _tokenizer_files(self) -> dict[str, str]:
        return tokenizer_files(load_tokenizer(self.pretrained_model))

    @cached_property
    def _vectors(self) -> ConceptVectors | TextReader | None:
        return open_vectors(vector_options(self.options))

    def _evaluate(self, batch: Batch, scores: StanceScores) -> Tensor:
        logits: Tensor = self(batch).float()
        losses, weights = weighted_losses(logits, batch.stance_index, self.class_weights, self.label_smoothing)
        scores.update(logits, batch.stance_index, batch.sample_index, weights, losses)
        return logits.softmax(-1)

    def _log_scores(self, stage: str, scores: StanceScores) -> None:
        for name, value in scores.compute().items():
            # torchmetrics has summed the counts of all processes: every process logs the same numbers.
            self.log(f"{stage}_{name}", value, prog_bar=name == "macro_f1", sync_dist=self.trainer.world_size > 1)
        scores.reset()


def _hyperparameters(module: StanceModule, classifier: type[StanceClassifier]) -> dict[str, Any]:
    """Return plain values only: a class among the hyperparameters cannot be loaded with weights_only=True."""
    names = ("learning_rate", "head_learning_rate", "weight_decay", "schedule", "warmup_ratio", "encoder_delay")
    return {
        "classifier": class_path(classifier),
        **module.options,
        **{name: getattr(module, name) for name in ("pretrained_model", *names, "label_smoothing")},
        "class_weights": module.weighting,
    }
