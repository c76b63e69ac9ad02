"""EZ-STANCE: rows in use, cleaned or as they were written."""

from pathlib import Path

from gatbert.corpora import read_corpus


def test_ezstance_keeps_rows_in_use_and_can_read_the_original_text(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text(
        "Keywords,Text,Target 1,Stance 1,In Use,seen?,Ori Text\n"
        'w,clean,t,FAVOR,1,0,"raw\nwith break"\nw,unused,t,???,0,0,raw\nw,last,t,NONE,1.0,0,raw\n'
    )
    assert [sample.text for sample in read_corpus(path, "ezstance")] == ["clean", "last"]
    raw = next(read_corpus(path, "ezstance", {"text": "Ori Text"}))
    assert (raw.text, raw.meta["keywords"]) == ("raw\nwith break", "w")
