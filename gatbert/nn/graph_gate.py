"""How much of the graph a layer lets its tokens read."""

import torch
from torch import Tensor, nn

GATE_SCALE = 100.0
"""Factor of the parameter: a gate moves that much faster than what has the same learning rate.

With 1 and 10 a gate opens more slowly than the text is learnt by heart, and stays closed.
"""


class GraphGate(nn.Module):
    """Scale what tokens read of the graph, per head: tanh(s g), where g is 0 at the start.

    Source: zero-initialised attention of LLaMA-Adapter, Zhang et al. 2023 (https://arxiv.org/abs/2303.16199), and the
    tanh gates of Flamingo, Alayrac et al. 2022 (https://arxiv.org/abs/2204.14198).

    Differences from the papers: the scale s, without which gates stay closed; concepts read each other ungated.

    Args:
        num_heads: Attention heads of the layer.
    """

    def __init__(self, num_heads: int) -> None:
        super().__init__()
        self.gate = nn.Parameter(torch.zeros(num_heads))

    def forward(self) -> Tensor:
        """Return the factor of each head ``(heads,)``."""
        return (GATE_SCALE * self.gate).tanh()
