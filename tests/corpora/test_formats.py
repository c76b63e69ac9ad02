"""What each format has of its own."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora import read_corpus
from gatbert.errors import UserError
from tests.corpora.files import FORMATS

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1).filter(str.strip)


def test_semeval_release_with_marker_windows_1252_and_unknown_gold(tmp_path: Path) -> None:
    path = tmp_path / "release.txt"
    path.write_bytes(
        b"ID\tTarget\tTweet\tStance\r\n"
        b'1\tAtheism\tHe said "\x93no\x94 \x9d #SemST\tAGAINST\r\n'
        b"2\tAtheism\t#SemST is in the middle #semst\tUNKNOWN\r\n"
    )
    first, second = read_corpus(path, "semeval")
    assert first.text == 'He said "“no” \x9d'
    assert (second.text, second.stance) == ("#SemST is in the middle", None)


def test_semeval_annotations_become_flags(tmp_path: Path) -> None:
    path = tmp_path / "all.txt"
    path.write_text(
        "ID\tTarget\tTweet\tStance\tOpinion towards\tSentiment\n1\tA\tx\tFAVOR\tTARGET\tPOSITIVE\n", encoding="cp1252"
    )
    (sample,) = read_corpus(path, "semeval")
    assert sample.meta == {"opinion_towards": "TARGET", "sentiment": "POSITIVE"}


def test_vast_takes_topic_str_and_falls_back_where_the_dev_file_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "vast.csv"
    path.write_text(
        "new_id,post,new_topic,topic_str,label,seen?,type_idx,Qte\n"
        "7.0,a post,wrong,right topic,1,1.0,4,0\n"
        ",another,wrong,right topic,2,0,,\n"
    )
    train, dev = read_corpus(path, "vast")
    assert (train.id, train.target, train.stance) == ("7", "right topic", "favor")
    assert train.meta == {"seen": "1", "type_idx": "4", "Qte": "0"}
    assert len(dev.id) == 16
    assert dev.meta == {"seen": "0"}


def test_ezstance_keeps_rows_in_use_and_can_read_the_original_text(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text(
        "Keywords,Text,Target 1,Stance 1,In Use,seen?,Ori Text\n"
        'w,clean,t,FAVOR,1,0,"raw\nwith break"\nw,unused,t,???,0,0,raw\nw,last,t,NONE,1.0,0,raw\n'
    )
    assert [sample.text for sample in read_corpus(path, "ezstance")] == ["clean", "last"]
    raw = next(read_corpus(path, "ezstance", {"text": "Ori Text"}))
    assert (raw.text, raw.meta["keywords"]) == ("raw\nwith break", "w")


@pytest.mark.parametrize("corpus_type", ["csv", "tsv", "jsonl"])
@given(target=CELLS, text=CELLS)
def test_any_text_survives_a_file(corpus_type: str, target: str, text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "posts"
        corpus = FORMATS[corpus_type]
        path.write_bytes(corpus.dump([corpus.row(target, text, "favor", "p1")]).encode())
        (sample,) = read_corpus(path, corpus_type)
    assert (sample.target, sample.text, sample.stance) == (target.strip(), text.strip(), "favor")


def test_byte_order_marks_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text("\ufefftext,target,stance\nx,y,favor\n", encoding="utf-8")
    assert next(read_corpus(path, "csv")).text == "x"


def test_rows_are_counted_in_lines_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "breaks.csv"
    path.write_text('text,target,stance\n"one\ntwo\nthree",t,favor\nx,t,wrong\n')
    with pytest.raises(UserError, match=r"breaks\.csv:5: unknown label 'wrong'"):
        list(read_corpus(path, "csv"))


def test_jsonl_values_become_text_and_other_lines_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": 7, "text": "x", "target": "t", "stance": "favor", "year": 2016.0}))
    (sample,) = read_corpus(path, "jsonl", {"year": "year"})
    assert (sample.id, sample.meta) == ("7", {"year": "2016"})
    path.write_text("[1, 2]\n")
    with pytest.raises(UserError, match=r"a\.jsonl:1: list instead of an object"):
        list(read_corpus(path, "jsonl"))


def test_synonyms_stop_at_the_label_set(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("text,target,stance\nx,t,Pro\ny,t,ANTI\n")
    assert [s.stance for s in read_corpus(path, "csv", stances=["favor", "against"])] == ["favor", "against"]
    path.write_text("text,target,stance\nx,t,none\n")
    with pytest.raises(UserError, match="unknown label 'none'"):
        list(read_corpus(path, "csv", stances=["favor", "against"]))
