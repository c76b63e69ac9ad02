"""The encoders that a run needs."""

import pytest

from gatbert.cli.encoders import encoders_of
from gatbert.cli.parsed_cli import ParsedCLI
from tests.command_line import FIRST_LINE

DEFINITION = ["--classifier", "Hybrid", "--model.concept_embeddings", "definition"]


@pytest.mark.parametrize(
    ("args", "encoders"),
    [
        ([], ["bert-base-uncased"]),
        (["--pretrained_model", "lab/encoder"], ["lab/encoder"]),
        (DEFINITION, ["bert-base-uncased"]),
        ([*DEFINITION, "--model.concept_vectors", "lab/reader"], ["bert-base-uncased", "lab/reader"]),
        (["--model.concept_embeddings", "kge", "--model.concept_vectors", "folder"], ["bert-base-uncased"]),
    ],
)
def test_they_are_the_pretrained_one_and_the_reader_of_definitions(args: list[str], encoders: list[str]) -> None:
    assert encoders_of(ParsedCLI(["fit", *FIRST_LINE, *args]).config) == encoders
