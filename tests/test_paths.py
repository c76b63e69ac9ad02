"""Paths as users write them."""

from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.paths import resolve


def test_variables_home_and_packages_are_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("CORPORA", "/blue/corpora")
    assert resolve("$CORPORA/a.csv") == resolve("${CORPORA}/a.csv") == Path("/blue/corpora/a.csv")
    assert resolve("~/a.csv") == Path("/home/somebody/a.csv")
    assert resolve("pkg:gatbert/assets/demo/train.csv").is_file()
    assert resolve("plain/a.csv") == Path("plain/a.csv")


@pytest.mark.parametrize(
    ("path", "word"),
    [("$NOT_SET/a.csv", "NOT_SET"), ("pkg:no_such_package/a", "no_such_package"), ("pkg:../a", "not installed")],
)
def test_what_cannot_be_expanded_is_named(path: str, word: str) -> None:
    with pytest.raises(UserError, match=word):
        resolve(path)
