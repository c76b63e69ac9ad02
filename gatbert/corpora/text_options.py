"""How the text of a corpus file is written, where its format does not say it: what divides cells, and the encoding."""

import inspect
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from gatbert.corpora.corpus_format import CorpusFormat
from gatbert.corpora.graph import GraphCorpusFormat
from gatbert.corpora.synthetic import SyntheticCorpusFormat
from gatbert.corpora.wording import quoted
from gatbert.errors import UserError

AnyFormat = CorpusFormat | GraphCorpusFormat | SyntheticCorpusFormat

NO_DELIMITERS = ('"', "\n", "\r", "\0")


def with_text_options(corpus_type: str, corpus: AnyFormat, delimiter: str | None, encoding: str | None) -> AnyFormat:
    """Return a corpus format whose files are divided, and encoded, as the user says.

    Args:
        corpus_type: Name of the format.
        corpus: The format.
        delimiter: The character between two cells; ``None`` for that of the format.
        encoding: Encoding of the files; ``None`` for that of the format.

    Raises:
        UserError: If one of them is none, or files of the format have none.
    """
    # A backslash and a t, as the shell hands it on, are a tab.
    delimiter = "\t" if delimiter == "\\t" else delimiter
    given = {"delimiter": delimiter, "encoding": encoding}
    options = {name: value for name, value in given.items() if value is not None}
    if not options:
        return corpus
    check_text_options(options)
    takes = inspect.signature(corpus.rows).parameters if isinstance(corpus, CorpusFormat) else {}
    if isinstance(corpus, CorpusFormat) and set(options) <= set(takes):
        return replace(corpus, rows=partial(corpus.rows, **options))
    name = next(name for name in options if name not in takes)
    raise UserError(f"files of corpus_type {corpus_type} have no {name} to choose; leave {name} out")


def check_text_options(options: Mapping[str, str]) -> None:
    """Refuse a delimiter or an encoding, by these names, that is none.

    Raises:
        UserError: With the value, and what is accepted.
    """
    delimiter = options.get("delimiter", ",")
    if len(delimiter) != 1 or delimiter in NO_DELIMITERS:
        raise UserError(
            f"delimiter {quoted(delimiter)} is not accepted; accepted is one character, such as ';' or '\\t'"
        )
    try:
        "".encode(options.get("encoding", "utf-8"))
    except (LookupError, ValueError) as error:  # codecs that are none of text are refused, too
        raise UserError(
            f"encoding {quoted(options['encoding'])} is not known; accepted are such as utf-8, cp1252 or utf-16"
        ) from error
