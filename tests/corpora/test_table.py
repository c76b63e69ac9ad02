"""Corpora of one's own: any text survives, and labels stop at the label set."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora import read_corpus
from gatbert.errors import UserError
from tests.corpora.files import FORMATS

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1).filter(str.strip)


@pytest.mark.parametrize("corpus_type", ["csv", "tsv", "jsonl"])
@given(target=CELLS, text=CELLS)
def test_any_text_survives_a_file(corpus_type: str, target: str, text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "posts"
        corpus = FORMATS[corpus_type]
        path.write_bytes(corpus.dump([corpus.row(target, text, "favor", "p1")]).encode())
        (sample,) = read_corpus(path, corpus_type)
    assert (sample.target, sample.text, sample.stance) == (target.strip(), text.strip(), "favor")


def test_synonyms_stop_at_the_label_set(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("text,target,stance\nx,t,Pro\ny,t,ANTI\n")
    assert [s.stance for s in read_corpus(path, "csv", stances=["favor", "against"])] == ["favor", "against"]
    path.write_text("text,target,stance\nx,t,none\n")
    with pytest.raises(UserError, match="unknown label 'none'"):
        list(read_corpus(path, "csv", stances=["favor", "against"]))
