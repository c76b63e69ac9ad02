"""The Lightning module of every classifier: one loss, one optimizer, the scores, and the recipe in its checkpoints."""

from dataclasses import fields
from functools import cached_property
from typing import Any, Literal, cast

import lightning.pytorch as pl
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor

from gatbert.batches import Batch
from gatbert.callbacks.averaged_weights import AveragedWeights, average_weights, has_average
from gatbert.callbacks.monitors import check_monitors
from gatbert.errors import UserError
from gatbert.evaluation.metrics import StanceScores
from gatbert.evaluation.scores import metric_names
from gatbert.files.records import to_plain
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.modules.adapter_weights import leave_base_out, put_base_in
from gatbert.modules.half_precision import convert_batches
from gatbert.modules.training_data import TrainedOn, TrainingData
from gatbert.nn.corpus_mixture import CorpusMixture
from gatbert.nn.loss import balanced_weights, given_weights, weighted_losses
from gatbert.nn.optimization import Freeze, Optimization
from gatbert.nn.schedule import Schedule
from gatbert.pretrained.adapters import Adapter, Lora, adapt, check_freeze
from gatbert.pretrained.capacity import check_length, checkpoint_gradients
from gatbert.pretrained.checkpoints import RECIPE_KEY, Recipe
from gatbert.pretrained.encoders import load_encoder_for, load_tokenizer, tokenizer_files
from gatbert.pretrained.text_reader import TextReader
from gatbert.ranges import Decay, Factor, NonNegativeFloat, PositiveFloat, Share, check_ranges
from gatbert.samples import Relations
from gatbert.samples.decision import Decision
from gatbert.samples.stances import STANCES
from gatbert.stance_classifier import StanceClassifier, TextClassifier
from gatbert.stance_classifier.class_paths import class_path
from gatbert.stance_classifier.concept_sources import open_vectors, vector_options
from gatbert.stance_classifier.option_groups import classifier_options
from gatbert.stance_classifier.options import build_started, reads_graph, resolve_options, with_reader


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
        layer_decay: What the learning rate of an encoder's layer is multiplied by to give that of the layer below.
        schedule: Learning rate after the warm-up: linear or cosine to zero, or constant.
        warmup_ratio: Share of all steps in which the learning rate rises from zero, 0 to 1.
        encoder_delay: Share of all steps, 0 to 1, in which all but the pretrained encoder is trained before it begins.
        freeze: What of the encoder is not trained: embeddings, the lowest N layers with the embeddings, or encoder.
        ema: Decay of a running average of the weights, 0 to 1, which validation and checkpoints then use.
        class_weights: Weight of each stance in the loss: balanced (inverse to its training frequency), or given.
        label_smoothing: Probability mass that the loss spreads over all stances, 0 to 1.
        lora: Train an adapter in the encoder, in place of the encoder; the checkpoint then needs it.
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
        layer_decay: Factor = 1.0,
        schedule: Schedule = "linear",
        warmup_ratio: Share = 0.1,
        encoder_delay: Share = 0.0,
        freeze: Freeze | None = None,
        ema: Decay | None = None,
        class_weights: Literal["balanced"] | dict[str, PositiveFloat] | None = None,
        label_smoothing: Share = 0.0,
        lora: Lora | None = None,
        gradient_checkpointing: bool = False,
        **options: Any,
    ) -> None:
        check_ranges(StanceModule.__init__, locals())
        own = locals()
        super().__init__()
        self.optimization = Optimization(**{field.name: own[field.name] for field in fields(Optimization)})
        self.stances = tuple(stances or STANCES)
        self.options = with_reader(resolve_options(classifier, classifier_options(**options)), pretrained_model)
        self.relations = relations if reads_graph(classifier) else None
        self.pretrained_model = pretrained_model
        self.trained_on, self.decision = TrainedOn(), Decision()
        values = {
            "pretrained_model": pretrained_model,
            **self.options,
            **vars(self.optimization),
            "lora": to_plain(lora),
        }
        self.save_hyperparameters({"classifier": class_path(classifier), **values})
        check_freeze(lora, freeze)
        encoder, self.encoder_depth = load_encoder_for(class_path(classifier), self.options, pretrained_model)
        self.adapter: Adapter | None = None
        if lora is not None:
            encoder, self.adapter = adapt(encoder, lora)
        if gradient_checkpointing:
            checkpoint_gradients(encoder, pretrained_model)
        self.classifier = build_started(classifier, encoder, pretrained_model, self.stances, relations, self.options)
        self.classifier.freeze(freeze)
        # Balanced weights are set when the training data are known.
        self.mixture = CorpusMixture(len(self.stances))
        self.register_buffer("class_weights", given_weights(class_weights, self.stances))
        self.val_scores = StanceScores(self.stances)
        self.test_scores = StanceScores(self.stances)

    def setup(self, stage: str) -> None:
        """Take from the data what the loss needs, and check that encoder and data fit together."""
        convert_batches(self.trainer)
        data = cast("TrainingData | None", getattr(self.trainer, "datamodule", None))
        if data is None:
            return
        self.mixture.use(data.corpus)
        self.trained_on = self.trained_on.after(data, trains=stage == "fit")
        check_length(self.classifier.encoder, data.preprocessor.max_length, self.pretrained_model)
        if stage == "fit" and self.optimization.class_weights == "balanced":
            self.class_weights = balanced_weights(data.stance_counts()).to(self.device)

    def on_fit_start(self) -> None:
        """Refuse callbacks that monitor what is never logged, or in the wrong direction."""
        validated = (f"val_{name}" for name in ("loss", *metric_names(self.stances)))
        check_monitors(self.trainer.callbacks, ["train_loss", *validated, "epoch", "step"])  # type: ignore[attr-defined]

    def forward(self, batch: Batch) -> Tensor:
        """Return logits ``(batch, stances)``; minus infinity where the corpus of a sample has no such stance."""
        masked: Tensor = self.mixture(self.classifier(batch), batch.corpus_index)
        return masked

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Return the mean loss of a batch."""
        losses, weights, of_corpus = self._losses(batch, self(batch))
        # Batches of similar length are often of one corpus: divided by its weight, they would all weigh the same.
        loss = (losses * of_corpus).sum() / weights.sum()
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
        return self.decision.logits(self(batch), self.stances).softmax(-1)

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
            schedule = self.optimization.schedule
            raise UserError(f"schedule {schedule!r} needs an end; give --trainer.max_epochs or --trainer.max_steps")
        return self.optimization.optimizer(self.classifier.parameter_groups(self.optimization), int(steps))

    def configure_callbacks(self) -> list[pl.Callback]:
        """Return what averages the weights, if anything does."""
        return AveragedWeights.for_decay(self.optimization.ema)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add the recipe from which the classifier is rebuilt without network or base weights."""
        checkpoint[RECIPE_KEY] = self.recipe().to_plain()
        if "callbacks" not in checkpoint:  # of weights alone
            average_weights(self.trainer, self, checkpoint)
        if self.adapter is not None:
            leave_base_out(checkpoint, self.classifier)

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take what validation found for these weights; refuse to go on without the average that a training had."""
        recipe = Recipe.from_checkpoint(checkpoint, "the checkpoint")
        self.decision = recipe.decision
        if self.optimization.ema is None and has_average(checkpoint) and self.trainer.training:
            raise UserError("the training that goes on averaged its weights; give the same --model.ema")
        if self.adapter is not None:
            if recipe.adapter is not None:
                path = str(self.trainer.ckpt_path)
                recipe.adapter.check_base(self.adapter.base_sha256, self.pretrained_model, path)
            put_base_in(checkpoint, self.classifier)

    def recipe(self) -> Recipe:
        """Return how to rebuild the classifier."""
        vectors = self._vectors
        return Recipe(
            classifier=class_path(type(self.classifier)),
            classifier_options=self.options,
            pretrained_model=self.pretrained_model,
            encoder_config=self.classifier.encoder.config.to_diff_dict(),
            encoder_depth=self.encoder_depth,
            adapter=self.adapter,
            tokenizer=self._tokenizer_files,
            stances=self.stances,
            relations=self.relations,
            concept_vector_size=None if vectors is None else vectors.size,
            vectors_sha256=None if vectors is None else vectors.sha256,
            decision=self.decision,
            **vars(self.trained_on),
        )

    @cached_property
    def _tokenizer_files(self) -> dict[str, str]:
        return tokenizer_files(load_tokenizer(self.pretrained_model))

    @cached_property
    def _vectors(self) -> ConceptVectors | TextReader | None:
        return open_vectors(vector_options(self.options))

    def _evaluate(self, batch: Batch, scores: StanceScores) -> Tensor:
        logits: Tensor = self(batch).float()
        losses, weights, of_corpus = self._losses(batch, logits)
        decided = self.decision.logits(logits, self.stances)
        scores.update(decided, batch.stance_index, batch.sample_index, weights * of_corpus, losses * of_corpus)
        return decided.softmax(-1)

    def _losses(self, batch: Batch, logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return loss, weight by class and weight by corpus of each sample; each ``(batch,)``."""
        smoothing = self.optimization.label_smoothing
        losses, weights = weighted_losses(logits, batch.stance_index, self.class_weights, smoothing)
        return losses, weights, self.mixture.weights[batch.corpus_index]

    def _log_scores(self, stage: str, scores: StanceScores) -> None:
        for name, value in scores.compute().items():
            # torchmetrics has summed the counts of all processes: every process logs the same numbers.
            self.log(f"{stage}_{name}", value, prog_bar=name == "macro_f1", sync_dist=self.trainer.world_size > 1)
        scores.reset()
