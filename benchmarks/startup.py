"""How long a user waits for ``python -m gatbert fit --help``."""

from statistics import median

from benchmarks.measure import Result, median_ratio, paired_seconds

LIBRARIES = "import torch, lightning.pytorch.cli, transformers; from transformers import AutoModel, AutoTokenizer"


def run() -> list[Result]:
    """Time the help of ``fit`` against importing its libraries alone."""
    helped, imported = paired_seconds(["-m", "gatbert", "fit", "--help"], ["-c", LIBRARIES], rounds=7)
    detail = (
        f"fit --help {median(helped):.2f} s; importing torch, Lightning's CLI, transformers {median(imported):.2f} s"
    )
    return [Result("startup", median_ratio(helped, imported), 1.25, detail)]
