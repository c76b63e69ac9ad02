"""JSON and YAML files from strangers: plain values, or one sentence, at once."""

import re
import time
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.files.documents import read_json, read_yaml

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


def test_ordinary_files_are_read_with_their_aliases(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: &a [1, {b: c}]\nd: *a\ne: &e x\nf: *e\ng: &g 2\nh: *g\n")
    assert read_yaml(path) == {"a": [1, {"b": "c"}], "d": [1, {"b": "c"}], "e": "x", "f": "x", "g": 2, "h": 2}
    path.write_text("")
    assert read_yaml(path) is None
    path.write_text('{"a": [1, null]}')
    assert read_json(path) == {"a": [1, None]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB.encode(), "more than 100,000 values, aliases counted in full"),
        (b"a: &a [*a]", "alias .a names nothing, or what it stands in"),
        (b"a: &a 1\nb: &a {c: *a}", "alias .a names nothing, or what it stands in"),
        (b"[*b]", "alias .b names nothing"),
        (b"[" * 100_000, "nested more than 100 levels"),
        (b"- " * 30_000 + b"a", "nested more than 100 levels"),
        (b"a: \xb3", "can't decode byte 0xb3"),
        (b"a: !!python/object/apply:os.system [true]", "python/object"),
        (b'a: !!bool "x"', "not what its tag says"),
        (b'a: !!timestamp "x"', "not what its tag says"),
        (b"? [a, b]\n: 1", "unhashable"),
        (b"a: [1", "did not find expected"),
    ],
)
def test_hostile_yaml_is_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    started = time.monotonic()
    with pytest.raises(UserError, match=words) as error:
        read_yaml(path)
    assert re.match(rf"{re.escape(str(path))}(:\d+)? is no YAML file that can be read: ", str(error.value))
    assert "\n" not in str(error.value)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[" * 200_000, "nested too deeply"),
        (b"[1]", "holds no JSON object"),
        (b"\xff", "can't decode"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "cannot be read: "),
        (b"{", "cannot be read: "),
    ],
)
def test_hostile_json_is_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match=words):
        read_json(path)
    with pytest.raises(UserError, match="No such file"):
        read_json(tmp_path / "b.json")
