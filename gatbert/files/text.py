"""Lines of text files, each of which is right or named.

``utf8_lines`` reads dumps, which are large, often compressed, and UTF-8; ``decoded_lines`` reads what users have saved,
in any encoding, and tells them when it is no text at all.
"""

import bz2
import codecs
import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from gatbert.errors import UserError

BYTE_ORDER_MARK = "\ufeff"

SIGNATURES = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
    b"PK\x03\x04": "a spreadsheet or another zip archive",
    b"\x1f\x8b": "gzip-compressed",
    b"PAR1": "Parquet",
}
"""First bytes of files that are no plain text."""


def utf8_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file in UTF-8, with their ends; compressed if its name ends in ``.gz`` or ``.bz2``.

    Raises:
        UserError: ``FILE:LINE: what is wrong``, if a line is not UTF-8, or a compressed file is damaged.
    """
    number = 0
    try:
        # Bytes are divided into lines, then decoded, so that a wrong one is known by its line.
        with _open(path) as file:
            for number, line in enumerate(file, start=1):
                text = line.decode()
                yield text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise UserError(f"{path}:{number}: byte 0x{byte:02x} is not UTF-8; save the file as UTF-8") from error
    except (EOFError, zlib.error, OSError) as error:
        # A damaged bzip2 file is no more than an OSError without a number, which one of the system has.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        kind = "bzip2" if path.suffix == ".bz2" else "gzip"
        raise UserError(f"{path}:{number + 1}: the {kind} file is cut short or damaged; load it again") from error


def _open(path: Path) -> AbstractContextManager[Iterable[bytes]]:
    if path.suffix == ".gz":
        return gzip.open(path)
    return bz2.open(path) if path.suffix == ".bz2" else path.open("rb")


def decoded_lines(path: Path, encoding: str, errors: str = "strict", newline: str = "") -> Iterator[str]:
    r"""Yield the lines of a text file in some encoding, with their ends.

    Args:
        path: The file.
        encoding: Its encoding; a byte order mark of UTF-8 says that it is UTF-8 instead.
        errors: What becomes of bytes that the encoding does not have, as in ``open``.
        newline: What ends a line, as in ``open``; by default ``\n``, ``\r`` or both.

    Raises:
        UserError: If a byte or character is none of a text, or the file is of another kind.
    """
    with path.open("rb") as start:
        first = start.read(4)
    for signature, kind in SIGNATURES.items():
        if first.startswith(signature) and not codecs.lookup(encoding).name.upper().startswith(kind):
            raise UserError(f"{path}: the file is {kind}; save it as plain text in UTF-8")
    # A file that was saved again, by Excel say, is UTF-8, whatever its corpus was.
    if first.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    number = 0
    with path.open(encoding=encoding, newline=newline, errors=errors) as file:
        try:
            for number, line in enumerate(file, start=1):
                if "\0" in line:  # letters in UTF-16 without a mark: every other byte is one
                    raise UserError(f"{path}:{number}: a NUL byte; the file is damaged, or UTF-16: save it as UTF-8")
                yield line
        except UnicodeDecodeError as error:
            raise UserError(_bad_byte(path, encoding, number + 1, error)) from error


def _bad_byte(path: Path, encoding: str, number: int, error: UnicodeDecodeError) -> str:
    """Say which byte is wrong and where: text is decoded in large pieces, so that only a second look can tell."""
    with path.open("rb") as file:
        wrong = next(((at, e) for at, line in enumerate(file, start=1) if (e := _undecodable(line, encoding))), None)
    number, error = wrong or (number, error)
    byte, name = error.object[error.start], encoding.removesuffix("-sig")
    return f"{path}:{number}: byte 0x{byte:02x} is not {name}; save the file as UTF-8"


def _undecodable(line: bytes, encoding: str) -> UnicodeDecodeError | None:
    try:
        line.decode(encoding)
    except UnicodeDecodeError as error:
        return error
    return None
