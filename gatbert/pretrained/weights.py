"""Weights by their names: found in a checkpoint, looked at, loaded, and told from others."""

import hashlib
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gatbert.errors import UserError

CLASSIFIER = "classifier."
"""What the names of a classifier's weights begin with."""

ENCODER = f"{CLASSIFIER}encoder."
"""What the names of its encoder's weights begin with."""


def weights(checkpoint: Mapping[str, Any], prefix: str, path: str | Path) -> dict[str, Tensor]:
    """Return the weights of a checkpoint whose names begin with ``prefix``, by the rest of the name.

    Raises:
        UserError: If it has none.
    """
    state = checkpoint.get("state_dict")
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise UserError(f"{path} is damaged: it has no weights")
    found = {name.removeprefix(prefix): value for name, value in state.items() if str(name).startswith(prefix)}
    if not found:
        raise UserError(f"{path} is damaged: it has no weights of {prefix.rstrip('.')}")
    return found


def load_weights(
    module: nn.Module, state: Mapping[str, Tensor], path: str | Path, kept: Set[str] = frozenset()
) -> None:
    """Load weights into a module.

    Args:
        module: The module.
        state: Its weights by name.
        path: The checkpoint that they are of, for the message.
        kept: Names of weights that the module keeps, and that are not in ``state``.

    Raises:
        UserError: If they are not the module's.
    """
    if kept:
        own = own_tensors(module)
        state = {**{name: own[name] for name in own.keys() & kept}, **state}
    check_shapes(module, state, path)
    module.load_state_dict(state)


def check_shapes(module: nn.Module, state: Mapping[str, Tensor], path: str | Path) -> None:
    """Refuse weights that are not a module's, by name and shape.

    Raises:
        UserError: If one is missing, of another shape, or too many.
    """
    own = {name: tuple(value.shape) for name, value in own_tensors(module).items()}
    given = {name: tuple(value.shape) for name, value in state.items()}
    for name in own.keys() | given.keys():
        if own.get(name) != given.get(name):
            raise UserError(
                f"{path} is damaged: its weight {name} is {given.get(name, 'missing')} where its recipe asks for "
                f"{own.get(name, 'none')}"
            )


def own_tensors(module: nn.Module) -> dict[str, Tensor]:
    """Return the weights of a module by name, without what quantized layers add to a state and do not take back."""
    parts = (module.named_parameters, module.named_buffers)
    names = {name for part in parts for name, _ in part(remove_duplicate=False)}
    return {name: value for name, value in module.state_dict().items() if name in names}


def kept_weights(module: nn.Module) -> set[str]:
    """Return the names of those weights of a module that are not trained, buffers included."""
    trained = {name for name, weight in module.named_parameters(remove_duplicate=False) if weight.requires_grad}
    return module.state_dict().keys() - trained


def weights_sha256(module: nn.Module) -> str:
    """Return the checksum of a module's weights: the same wherever they lie."""
    digest = hashlib.sha256()
    for name, weight in sorted(module.state_dict().items()):
        digest.update(name.encode())
        digest.update(weight.detach().cpu().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()
