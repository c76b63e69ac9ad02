"""Lines of text files, gzipped or not, each of which is right or named."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from gatbert.errors import UserError

BYTE_ORDER_MARK = "\ufeff"


def text_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file, with their ends; gzipped if its name ends in ``.gz``.

    Raises:
        UserError: ``FILE:LINE: what is wrong``, if a line is not UTF-8, or the gzip file is damaged.
    """
    number = 0
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                text = line.decode()
                yield text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise UserError(f"{path}:{number}: byte 0x{byte:02x} is not UTF-8; save the file as UTF-8") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{path}:{number + 1}: the gzip file is cut short or damaged; load it again") from error
