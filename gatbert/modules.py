"""How a stance classifier is trained: loss, optimizer, schedule, scores."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, Protocol, cast

import lightning.pytorch as pl
import torch
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor, nn
from torch.nn import functional
from transformers import get_scheduler

from gatbert.batches import NO_GOLD, Batch, Preprocessor
from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.errors import UserError
from gatbert.evaluation.metrics import StanceScores
from gatbert.evaluation.scores import metric_names
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.nn.attention_types import AttentionTypeName
from gatbert.nn.concept_encoder import GraphEncoderName
from gatbert.nn.node_embeddings import ConceptEmbedding
from gatbert.pretrained.checkpoints import RECIPE_KEY, Recipe
from gatbert.pretrained.encoders import load_encoder, load_tokenizer, max_positions, tokenizer_files
from gatbert.ranges import Count, Dropout, NonNegativeFloat, PositiveFloat, PositiveInt, Share, check_ranges
from gatbert.samples.stances import STANCES
from gatbert.stance_classifier import StanceClassifier, TextClassifier
from gatbert.stance_classifier.options import build_classifier, class_path, reads_graph, resolve_options

Schedule = Literal["linear", "cosine", "constant"]

FLAT_OPTIONS = (
    "pooling",
    "head_dropout",
    "graph_encoder",
    "att_type",
    "num_graph_layers",
    "max_concepts",
    "concept_embeddings",
    "concept_vectors",
)
"""Options of the classifiers of this package that are arguments of ``StanceModule`` itself."""


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
        relations: Name of each relation id; follows the data.
        pooling: State that goes to the head: the first token's, the mean over tokens, or, beside a graph, means over
            target, text and the concepts linked with each (seeds).
        head_dropout: Dropout probability before the head, 0 to less than 1.
        graph_encoder: Layers of External and Concat over concepts: relational attention, or a graph convolution.
        att_type: How typed edges enter attention.
        num_graph_layers: Layers that read the graph.
        max_concepts: Most concepts of a sample.
        concept_embeddings: What stands for a concept: its subwords, or a vector from a file or of embed_graph (kge).
        concept_vectors: File or folder of these vectors.
        classifier_args: Options of a classifier of your own, checked against its constructor.
        learning_rate: Peak learning rate of AdamW.
        head_learning_rate: Peak learning rate of all that is not the pretrained encoder; by default the same.
        weight_decay: Weight decay of matrices; biases and norms have none.
        schedule: Learning rate after the warm-up: linear or cosine to zero, or constant.
        warmup_ratio: Share of all steps in which the learning rate rises from zero, 0 to 1.
        class_weights: Weight of each stance in the loss: balanced (inverse to its training frequency), or given.
        label_smoothing: Probability mass that the loss spreads over all stances, 0 to 1.
        gradient_checkpointing: Recompute activations in the backward pass: less memory, more time.
    """

    def __init__(
        self,
        pretrained_model: str,
        classifier: type[StanceClassifier] = TextClassifier,
        stances: list[str] | None = None,
        relations: list[str] | None = None,
        pooling: Literal["first", "mean", "seeds"] | None = None,
        head_dropout: Dropout | None = None,
        graph_encoder: GraphEncoderName | None = None,
        att_type: AttentionTypeName | None = None,
        num_graph_layers: PositiveInt | None = None,
        max_concepts: Count | None = None,
        concept_embeddings: ConceptEmbedding | None = None,
        concept_vectors: str | None = None,
        classifier_args: dict[str, Any] | None = None,
        learning_rate: PositiveFloat = 5e-5,
        head_learning_rate: PositiveFloat | None = None,
        weight_decay: NonNegativeFloat = 0.01,
        schedule: Schedule = "linear",
        warmup_ratio: Share = 0.1,
        class_weights: Literal["balanced"] | dict[str, PositiveFloat] | None = None,
        label_smoothing: Share = 0.0,
        gradient_checkpointing: bool = False,
    ) -> None:
        check_ranges(StanceModule.__init__, locals())
        super().__init__()
        flat = {
            "pooling": pooling,
            "head_dropout": head_dropout,
            "graph_encoder": graph_encoder,
            "att_type": att_type,
            "num_graph_layers": num_graph_layers,
            "max_concepts": max_concepts,
            "concept_embeddings": concept_embeddings,
            "concept_vectors": concept_vectors,
        }
        given = {name: value for name, value in flat.items() if value is not None} | (classifier_args or {})
        self.stances = tuple(stances or STANCES)
        self.options = resolve_options(classifier, given)
        self.relations = relations if reads_graph(classifier) else None
        self.pretrained_model = pretrained_model
        self.learning_rate = learning_rate
        self.head_learning_rate = learning_rate if head_learning_rate is None else head_learning_rate
        self.weight_decay = weight_decay
        self.schedule = schedule
        self.warmup_ratio = warmup_ratio
        self.balanced = class_weights == "balanced"
        self.label_smoothing = label_smoothing
        self.max_length: int | None = None
        self.transforms: tuple[str, ...] = ()
        self.tagging: dict[str, Any] | None = None
        # Plain values only: a class among the hyperparameters cannot be loaded with weights_only=True.
        self.save_hyperparameters(
            {
                "pretrained_model": pretrained_model,
                "classifier": class_path(classifier),
                **self.options,
                "learning_rate": self.learning_rate,
                "head_learning_rate": self.head_learning_rate,
                "weight_decay": weight_decay,
                "schedule": schedule,
                "warmup_ratio": warmup_ratio,
                "class_weights": class_weights,
                "label_smoothing": label_smoothing,
            }
        )
        encoder = load_encoder(pretrained_model)
        self.encoder_depth: int | None = getattr(encoder.config, "num_hidden_layers", None)
        if gradient_checkpointing:
            _checkpoint_gradients(encoder, pretrained_model)
        self.classifier = build_classifier(classifier, encoder, len(self.stances), relations, self.options)
        self.register_buffer("class_weights", _given_weights(class_weights, self.stances))
        self.val_scores = StanceScores(self.stances)
        self.test_scores = StanceScores(self.stances)

    def setup(self, stage: str) -> None:
        """Take from the data what the loss needs, and check that encoder and data fit together."""
        data = cast("TrainingData | None", getattr(self.trainer, "datamodule", None))
        if data is None:
            return
        self.max_length = data.preprocessor.max_length
        if stage == "fit":
            self.transforms = tuple(data.transforms)
            self.tagging = None if data.tagging is None else data.tagging.plain()
        positions = max_positions(self.classifier.encoder)
        if positions is not None and self.max_length > positions:
            raise UserError(
                f"max_length {self.max_length} is more than the {positions} positions of {self.pretrained_model}; "
                f"give --data.max_length {positions} or less"
            )
        if stage == "fit" and self.balanced:
            counts = data.stance_counts()
            weights = counts.sum() / (len(counts) * counts.clamp(min=1))
            self.class_weights = weights.to(self.device, torch.float32)

    def on_fit_start(self) -> None:
        """Refuse callbacks that monitor what is never logged, or in the wrong direction."""
        logged = [*self.logged_names(), "epoch", "step"]
        for callback in self.trainer.callbacks:  # type: ignore[attr-defined]
            monitor, mode = getattr(callback, "monitor", None), getattr(callback, "mode", None)
            name = type(callback).__name__
            if monitor is not None and monitor not in logged:
                raise UserError(f"{name} monitors {monitor!r}, which is never logged; logged are {', '.join(logged)}")
            if monitor is not None and mode != ("min" if monitor.endswith("_loss") else "max"):
                better = "min" if monitor.endswith("_loss") else "max"
                raise UserError(f"{name} monitors {monitor!r} with mode {mode!r}; its mode is {better!r}")

    def logged_names(self) -> list[str]:
        """Return the names of all that is logged in training and validation, without those of the learning rate."""
        return ["train_loss", *(f"val_{name}" for name in ["loss", *metric_names(self.stances)])]

    def forward(self, batch: Batch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        logits: Tensor = self.classifier(batch)
        return logits

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Return the mean loss of a batch."""
        losses, weights = self._losses(self(batch), batch)
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
        optimizer = torch.optim.AdamW(self._parameter_groups())
        kind = "constant_with_warmup" if self.schedule == "constant" else self.schedule
        scheduler = get_scheduler(kind, optimizer, round(self.warmup_ratio * steps), int(steps))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add the recipe from which the classifier is rebuilt without network or base weights."""
        checkpoint[RECIPE_KEY] = self.recipe().plain()

    def recipe(self) -> Recipe:
        """Return how to rebuild the classifier."""
        vectors = self._vectors
        size = {} if vectors is None else {"concept_vector_size": vectors.size}
        return Recipe(
            classifier=class_path(type(self.classifier)),
            classifier_options={**self.options, **size},
            pretrained_model=self.pretrained_model,
            encoder_config=self.classifier.encoder.config.to_diff_dict(),
            encoder_depth=self.encoder_depth,
            tokenizer=self._tokenizer_files,
            stances=self.stances,
            max_length=self.max_length,
            relations=None if self.relations is None else tuple(self.relations),
            transforms=self.transforms,
            tagging=self.tagging,
            vectors_sha256=None if vectors is None else vectors.sha256,
        )

    @cached_property
    def _tokenizer_files(self) -> dict[str, str]:
        return tokenizer_files(load_tokenizer(self.pretrained_model))

    @cached_property
    def _vectors(self) -> ConceptVectors | None:
        source = self.options.get("concept_vectors")
        return None if source is None else ConceptVectors(source)

    def _losses(self, logits: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return weighted loss and weight of each sample, both ``(batch,)`` and zero where there is no gold."""
        known = batch.stance_index != NO_GOLD
        losses = functional.cross_entropy(
            logits.float(),
            batch.stance_index,
            self.class_weights,
            ignore_index=NO_GOLD,
            reduction="none",
            label_smoothing=self.label_smoothing,
        )
        weights = self.class_weights[torch.where(known, batch.stance_index, 0)]
        return losses, weights * known

    def _evaluate(self, batch: Batch, scores: StanceScores) -> Tensor:
        logits: Tensor = self(batch).float()
        losses, weights = self._losses(logits, batch)
        scores.update(logits, batch.stance_index, batch.sample_index, weights, losses)
        return logits.softmax(-1)

    def _log_scores(self, stage: str, scores: StanceScores) -> None:
        for name, value in scores.compute().items():
            # torchmetrics has summed the counts of all processes: every process logs the same numbers.
            self.log(f"{stage}_{name}", value, prog_bar=name == "macro_f1", sync_dist=self.trainer.world_size > 1)
        scores.reset()

    def _parameter_groups(self) -> list[dict[str, Any]]:
        """Return the trained parameters by learning rate (encoder, head) and weight decay (matrices, the rest)."""
        head = {id(parameter) for parameter in self.classifier.head_parameters()}
        groups: dict[tuple[float, float], list[nn.Parameter]] = {}
        for parameter in self.classifier.parameters():
            if parameter.requires_grad:
                rate = self.head_learning_rate if id(parameter) in head else self.learning_rate
                decay = self.weight_decay if parameter.ndim > 1 else 0.0
                groups.setdefault((rate, decay), []).append(parameter)
        return [{"params": group, "lr": rate, "weight_decay": decay} for (rate, decay), group in groups.items()]


def _given_weights(weights: Mapping[str, float] | str | None, stances: tuple[str, ...]) -> Tensor:
    """Return the weight of each stance; balanced weights are set when the training data are known."""
    if weights is None or isinstance(weights, str):
        return torch.ones(len(stances))
    if set(weights) != set(stances):
        raise UserError(f"class_weights names {sorted(weights)}; it must name each of {sorted(stances)}")
    return torch.tensor([float(weights[stance]) for stance in stances])


def _checkpoint_gradients(encoder: Any, source: str) -> None:
    if not encoder.supports_gradient_checkpointing:
        raise UserError(f"{source} does not support gradient_checkpointing; leave it out")
    encoder.gradient_checkpointing_enable({"use_reentrant": False})
