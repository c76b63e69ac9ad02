"""Adapters: a few trained weights in an encoder that stays as it is, and how a checkpoint names that encoder."""

from dataclasses import dataclass, replace
from pathlib import Path

from torch import nn
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from gatbert.errors import UserError
from gatbert.pretrained.quantization import Quantization, quantized
from gatbert.pretrained.weights import weights_sha256
from gatbert.ranges import Dropout, PositiveFloat, PositiveInt, check_ranges


@dataclass(frozen=True)
class Lora:
    """Hold how an encoder is adapted: LoRA, Hu et al. 2021 (https://arxiv.org/abs/2106.09685), by peft.

    A linear layer W of the encoder becomes W + (alpha / rank) B A, of which A and B are trained.

    Attributes:
        rank: Rows of A and columns of B.
        alpha: Scale of what is added, times the rank.
        dropout: Dropout probability before A, 0 to less than 1.
        target_modules: Ends of the names of the layers; by default those that peft knows for the family, such as query
            and value of BERT, or else all linear layers.
        quantize: Hold the linear layers in 8 or 4 bits, by bitsandbytes; the encoder is first read in full precision.
    """

    rank: PositiveInt = 8
    alpha: PositiveFloat = 16.0
    dropout: Dropout = 0.0
    target_modules: tuple[str, ...] | None = None
    quantize: Quantization | None = None


@dataclass(frozen=True)
class Adapter:
    """Hold what a checkpoint tells of its adapter.

    Attributes:
        lora: How the encoder is adapted, target modules included.
        base_sha256: Checksum of the weights of the encoder as it was before.
    """

    lora: Lora
    base_sha256: str

    def check_base(self, sha256: str, base: str, path: str | Path) -> None:
        """Refuse another encoder than that of training.

        Args:
            sha256: Checksum of the encoder that is there.
            base: Where it came from.
            path: The checkpoint.

        Raises:
            UserError: If it is another.
        """
        if sha256 != self.base_sha256:
            raise UserError(
                f"{path} holds an adapter alone, and the encoder {base} has the checksum {sha256[:12]}, where it was "
                f"trained on {self.base_sha256[:12]}; {REMEDY}"
            )


REMEDY = "give the encoder of the training (--pretrained_model, gatbert.load(..., pretrained_model=))"


def check_freeze(lora: Lora | None, freeze: object) -> None:
    """Refuse to freeze a part of an encoder of which an adapter leaves the whole as it is."""
    if lora is not None and freeze is not None:
        raise UserError(f"freeze {freeze} beside lora: with an adapter the whole encoder stays as it is; leave one out")


def adapt(encoder: PreTrainedModel, lora: Lora) -> tuple[PreTrainedModel, Adapter]:
    """Put an adapter into an encoder, in place unless it is quantized: its other weights are no longer trained.

    Args:
        encoder: The encoder, as it was loaded.
        lora: How.

    Returns:
        The encoder, and what a checkpoint is to tell of its adapter.

    Raises:
        UserError: If peft or bitsandbytes is not installed, or the encoder has no such layers.
    """
    check_ranges(Lora, vars(lora), "lora.")
    try:
        from peft import LoraConfig, inject_adapter_in_model
        from peft.utils import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING as KNOWN
    except ImportError as error:
        raise UserError('lora needs the package peft, which is not installed; pip install "gatbert[lora]"') from error
    targets = lora.target_modules or tuple(KNOWN.get(encoder.config.model_type, ()))
    if not targets:
        # Of one name each: layers of every depth end alike.
        linear = [name for name, module in encoder.named_modules() if isinstance(module, nn.Linear)]
        targets = tuple(sorted({name.rpartition(".")[2] for name in linear}))
    config = LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,  # type: ignore[arg-type]  # peft divides it alone
        lora_dropout=lora.dropout,
        target_modules=list(targets),
        fan_in_fan_out=any(isinstance(module, Conv1D) for module in encoder.modules()),
    )
    adapter = Adapter(replace(lora, target_modules=targets), weights_sha256(encoder))
    if lora.quantize is not None:
        encoder = quantized(encoder, lora.quantize)
    try:
        inject_adapter_in_model(config, encoder)
    except ValueError as error:
        raise UserError(
            f"lora.target_modules {', '.join(targets)} are no layers of {encoder.config.model_type!r}; accepted are "
            f"ends of names of linear layers, such as {_some_linear(encoder)}"
        ) from error
    return encoder, adapter


def merged(encoder: PreTrainedModel) -> PreTrainedModel:
    """Return an encoder after its adapter, if it has one, has gone into its weights, in place."""
    from peft.tuners.lora import LoraLayer

    for name, module in list(encoder.named_modules()):
        if isinstance(module, LoraLayer):
            module.merge()
            parent, _, own = name.rpartition(".")
            setattr(encoder.get_submodule(parent), own, module.get_base_layer())
    return encoder.requires_grad_(True)


def _some_linear(encoder: PreTrainedModel) -> str:
    names = {name.rpartition(".")[2] for name, part in encoder.named_modules() if isinstance(part, nn.Linear | Conv1D)}
    return ", ".join(sorted(names)[:6])
