"""What a result is about: the checkpoint and the data say it themselves."""

import hashlib
from pathlib import Path
from typing import Any

from gatbert.cli.subject import subject_of
from gatbert.data_modules import SplitDataModule
from gatbert.stance_classifier import TextClassifier
from tests.tiny import corpus_rows, write_corpus


def test_model_and_files_are_those_of_checkpoint_and_split(run_folder: Path, encoder: str, tmp_path: Path) -> None:
    checkpoint = str(run_folder / "checkpoints" / "last.ckpt")
    files: dict[str, Any] = {
        name: str(write_corpus(tmp_path / f"{name}.csv", corpus_rows(30)[:9])) for name in ("train", "test")
    }
    data = SplitDataModule(tokenizer=encoder, **files, transforms=["mask_text"])
    subject = subject_of(checkpoint, data, "test")
    assert subject.classifier == f"gatbert.stance_classifier.{TextClassifier.__name__}"
    assert (subject.checkpoint, subject.encoder) == (checkpoint, encoder)
    assert subject.files == {files["test"]: hashlib.sha256(Path(files["test"]).read_bytes()).hexdigest()}
    assert (subject.corpus_type, subject.split, list(subject.transforms)) == ("csv", "test", ["mask_text"])
    assert set(subject_of(checkpoint, data, "val").files) == {files["train"]}
