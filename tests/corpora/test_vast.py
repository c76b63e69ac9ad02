"""VAST: the topic that is right, and a dev file with gaps."""

from pathlib import Path

from gatbert.corpora import read_corpus


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
