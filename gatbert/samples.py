"""What a corpus yields: one text, one target, and the stance if it is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold one text with the target towards which its author takes a stance.

    Attributes:
        id: Stable name of the sample, unique in its corpus.
        text: The post, as raw text.
        target: What the stance is about, as raw text.
        stance: Gold stance, or ``None`` where the corpus gives none (prediction).
        meta: Flags to break scores down by, such as ``seen``, ``domain`` or ``type_idx``; plain strings.
    """

    id: str
    text: str
    target: str
    stance: str | None = None
    meta: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
