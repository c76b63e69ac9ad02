"""The head of a classifier: from the vector that it has of a sample to logits."""

from torch import nn

from gatbert.errors import UserError


def build_head(
    in_features: int, num_stances: int, num_layers: int = 1, hidden_size: int | None = None, dropout: float = 0.0
) -> nn.Module:
    """Return a linear layer, or several with GELU and dropout between them.

    Args:
        in_features: Size of the vector.
        num_stances: Size of the label set.
        num_layers: How many layers.
        hidden_size: Size between two layers; by default that of the vector.
        dropout: Dropout probability after each layer but the last.

    Raises:
        UserError: If a size is given and there is no place between layers.
    """
    if hidden_size is not None and num_layers == 1:
        raise UserError(
            f"head_hidden_size {hidden_size} is a size between layers, and head_layers is 1; give 2 or more"
        )
    if num_layers == 1:
        return nn.Linear(in_features, num_stances)
    layers: list[nn.Module] = []
    for _ in range(num_layers - 1):
        out_features = hidden_size or in_features
        layers += [nn.Linear(in_features, out_features), nn.GELU(), nn.Dropout(dropout)]
        in_features = out_features
    return nn.Sequential(*layers, nn.Linear(in_features, num_stances))
