"""The checksum of files is that of their bytes, one file after another."""

import hashlib
from pathlib import Path

from gatbert.files import checksums
from gatbert.files.checksums import sha256_of_files


def test_files_count_as_one_after_another_in_their_order(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"a" * (checksums.BLOCK_SIZE + 3))
    second.write_bytes(b"b")
    whole = first.read_bytes() + second.read_bytes()
    assert sha256_of_files([first, second]) == hashlib.sha256(whole).hexdigest()
    assert sha256_of_files([second, first]) != sha256_of_files([first, second])
    assert sha256_of_files([]) == hashlib.sha256(b"").hexdigest()
