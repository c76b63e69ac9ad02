"""Names of libraries that are private or documented nowhere: a new version may drop them without a word.

They stand here and nowhere else, and ``tests/errors/test_libraries.py`` asks the installed libraries for each by
name. What has a public way round is not for here.
"""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from gatbert.errors import UserError


@dataclass(frozen=True)
class LibraryName:
    """Hold a name that its library does not promise to keep.

    Attributes:
        owners: Paths of the classes whose instances have it.
        name: The name, with dots where it is that of a part.
        seen_in: Library and version in which it was last seen.
        needed_for: What does not work without it.
    """

    owners: tuple[str, ...]
    name: str
    seen_in: str
    needed_for: str

    def read_from(self, instance: Any) -> Any:
        """Return what an instance of one of the owners has by this name.

        Raises:
            UserError: If it has nothing by this name any more.
        """
        try:
            return attrgetter(self.name)(instance)
        except AttributeError as error:
            raise UserError(
                f"the installed {self.owners[0]} has no {self.name}, without which {self.needed_for} cannot work; "
                f"install {self.seen_in}, which has it"
            ) from error


# argparse tells a parser's options as prose alone: as usage and as help.
PARSER_ACTIONS = LibraryName(
    owners=("argparse.ArgumentParser",),
    name="_actions",
    seen_in="Python 3.11.7",
    needed_for="the proposal of a flag for a misspelt one",
)

# The implementation can be set by a public method, and put back only by one who knows what it was.
ATTENTION_IMPLEMENTATION = LibraryName(
    owners=("transformers.PretrainedConfig",),
    name="_attn_implementation",
    seen_in="transformers 5.23.0",
    needed_for="the attention mass of gatbert explain",
)

# The models of torch_geometric score facts one by one; against all concepts at once it takes their weights.
CONCEPT_EMBEDDING = LibraryName(
    owners=("torch_geometric.nn.kge.KGEModel",),
    name="node_emb",
    seen_in="torch-geometric 2.8.1",
    needed_for="gatbert embed_graph",
)
RELATION_EMBEDDING = LibraryName(
    owners=("torch_geometric.nn.kge.KGEModel",),
    name="rel_emb",
    seen_in="torch-geometric 2.8.1",
    needed_for="gatbert embed_graph",
)
IMAGINARY_CONCEPT_EMBEDDING = LibraryName(
    owners=("torch_geometric.nn.kge.ComplEx", "torch_geometric.nn.kge.RotatE"),
    name="node_emb_im",
    seen_in="torch-geometric 2.8.1",
    needed_for="gatbert embed_graph with ComplEx or RotatE",
)
IMAGINARY_RELATION_EMBEDDING = LibraryName(
    owners=("torch_geometric.nn.kge.ComplEx",),
    name="rel_emb_im",
    seen_in="torch-geometric 2.8.1",
    needed_for="gatbert embed_graph with ComplEx",
)

# Lightning takes these as arguments and tells nobody what became of them.
CALLBACKS = LibraryName(
    owners=("lightning.pytorch.Trainer",),
    name="callbacks",
    seen_in="lightning 2.6.6",
    needed_for="the record of a run",
)
FAST_DEV_RUN = LibraryName(
    owners=("lightning.pytorch.Trainer",),
    name="fast_dev_run",
    seen_in="lightning 2.6.6",
    needed_for="fit_and_test",
)

# Loaders are asked for before the first batch, and a training that goes on does so in the middle of an epoch.
BATCH_IN_EPOCH = LibraryName(
    owners=("lightning.pytorch.Trainer",),
    name="fit_loop.batch_idx",
    seen_in="lightning 2.6.6",
    needed_for="going on with the next batch of an epoch",
)

# 8-bit weights go to a device together with the model, and what they are scaled by does not.
INT8_START = LibraryName(
    owners=("bitsandbytes.nn.Linear8bitLt",),
    name="init_8bit_state",
    seen_in="bitsandbytes 0.50.2",
    needed_for="lora.quantize 8bit",
)
INT8_STATE = LibraryName(
    owners=("bitsandbytes.nn.Linear8bitLt",),
    name="state",
    seen_in="bitsandbytes 0.50.2",
    needed_for="lora.quantize 8bit",
)

# On some CPUs, weights are put in another order for evaluation, and cannot be trained through any more.
CPU_ORDER = LibraryName(
    owners=("bitsandbytes.nn.Linear4bit",),
    name="support_avx512bf16_for_cpu",
    seen_in="bitsandbytes 0.50.2",
    needed_for="lora.quantize 4bit",
)
