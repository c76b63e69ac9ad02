"""A change of the code is another cache, the package's or one's own."""

import importlib
import shutil
import sys
import time
from os import SEEK_END
from pathlib import Path

import pytest

from gatbert.data_modules import SplitDataModule
from gatbert.data_modules.sources import PACKAGE, code_identity, package_digest
from tests.tiny import corpus_rows, write_corpus


def test_any_change_of_the_code_is_another_cache(tmp_path: Path) -> None:
    copy = tmp_path / "gatbert"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("assets", "__pycache__"))
    before = package_digest(copy)
    assert before == package_digest()
    for name in ("corpora/vast.py", "samples/transforms.py", "corpora/splits/hashing.py", "stance_classifier/text.py"):
        shutil.rmtree(copy)
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("assets", "__pycache__"))
        with (copy / name).open("r+") as file:
            file.seek(0, SEEK_END)
            file.write("# changed\n")
        package_digest.cache_clear()
        assert package_digest(copy) != before


OWN = """
from gatbert.data_modules import SplitDataModule
from gatbert.stance_classifier.text import TextClassifier, TextPreprocessor

class OwnPreprocessor(TextPreprocessor):
    pass

class OwnClassifier(TextClassifier):
    preprocessor = OwnPreprocessor

class OwnData(SplitDataModule):
    pass
"""


@pytest.mark.parametrize("own", ["data", "classifier"])
def test_a_change_of_ones_own_code_is_another_cache(
    encoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str
) -> None:
    posts = str(write_corpus(tmp_path / "posts.csv", corpus_rows(30)))
    monkeypatch.syspath_prepend(str(tmp_path))
    identities = []
    for number, change in enumerate(("", "", "# changed\n")):
        name = f"own_{own}_{number}"
        (tmp_path / f"{name}.py").write_text(OWN + change)
        module = importlib.import_module(name)
        kind = module.OwnData if own == "data" else SplitDataModule
        options = {"classifier": module.OwnClassifier} if own == "classifier" else {}
        data = kind(tokenizer=encoder, train=posts, **options)
        code = code_identity(type(data), type(data.corpus), data.classifier, type(data.preprocessor))
        identities.append({key.partition(".")[2]: value for key, value in code.items() if key.startswith("own_")})
        sys.modules.pop(name)
    assert set(identities[0]) == {"OwnData"} if own == "data" else {"OwnClassifier", "OwnPreprocessor"}
    assert identities[0] == identities[1] != identities[2]


def test_finding_the_cache_is_cheap() -> None:
    package_digest.cache_clear()
    started = time.monotonic()
    package_digest()
    assert time.monotonic() - started < 0.5
