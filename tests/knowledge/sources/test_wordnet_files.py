"""WordNet's files, line by line."""

from pathlib import Path

from gatbert.knowledge.sources.wordnet_files import irregular_forms, read_synsets, sense_ranks
from tests.knowledge.dump import write_wordnet


def test_a_synset_is_its_lemmas_pointers_and_definition(tmp_path: Path) -> None:
    first, *_ = read_synsets(write_wordnet(tmp_path / "dict"), "noun")
    assert (first.key, first.lemmas) == ("n00000001", ("abortion", "termination"))
    assert first.pointers == (("@", "n00000002", 0, 0), ("+", "v00000003", 1, 1))
    assert first.definition == "the ending of pregnancy"


def test_markers_of_position_are_no_part_of_a_lemma(tmp_path: Path) -> None:
    (galore,) = read_synsets(write_wordnet(tmp_path / "dict"), "adj")
    assert galore.spelled == ("galore",)


def test_senses_are_ranked_as_the_index_lists_them(tmp_path: Path) -> None:
    ranks = sense_ranks(write_wordnet(tmp_path / "dict"), "noun")
    assert ranks["n00000001", "abortion"] == 1
    assert ranks["n00000001", "termination"] == 2


def test_irregular_forms_come_with_their_lemmas(tmp_path: Path) -> None:
    assert irregular_forms(write_wordnet(tmp_path / "dict")) == [("women", "woman")]
