"""The files of WordNet, as wndb(5) describes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gatbert.errors import UserError
from gatbert.files.text import utf8_lines

PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}


@dataclass(frozen=True)
class Synset:
    """Hold one synset of a data file.

    Attributes:
        key: Part of speech and byte offset, such as ``n00001740``.
        lemmas: Its lemmas, in lower case, without syntactic markers.
        spelled: The same as they are written, ``Joe_Biden`` with its capitals.
        pointers: Pointer symbol, key of the other synset, and number of the lemma there and here, 0 for all.
        definition: What the synset means, without examples.
    """

    key: str
    lemmas: tuple[str, ...]
    spelled: tuple[str, ...]
    pointers: tuple[tuple[str, str, int, int], ...]
    definition: str


def read_synsets(folder: Path, part: str) -> Iterator[Synset]:
    """Yield the synsets of one part of speech: noun, verb, adj or adv."""
    letter = PARTS[part]
    for number, line in _lines(folder / f"data.{part}"):
        entry, _, gloss = line.partition("|")
        # Offset, file, part of speech, number of lemmas in hexadecimal; each lemma and its id; number of pointers, each
        # with symbol, offset, part of speech, and the two lemmas in hexadecimal; then frames, which nobody reads.
        fields = entry.split()
        try:
            num_lemmas = int(fields[3], 16)
            spelled = tuple(_spelled(word) for word in fields[4 : 4 + 2 * num_lemmas : 2])
            rest = fields[4 + 2 * num_lemmas :]
            num_pointers = int(rest[0])
            if num_pointers > len(rest):
                raise ValueError("pointers are missing")
            pointers = [rest[start : start + 4] for start in range(1, 1 + 4 * num_pointers, 4)]
            typed = tuple(
                (symbol, ("a" if pos == "s" else pos) + offset, int(lemma[2:], 16), int(lemma[:2], 16))
                for symbol, offset, pos, lemma in pointers
            )
            if len(spelled) != num_lemmas or not spelled:
                raise ValueError("lemmas are missing")
        except (ValueError, IndexError) as error:
            raise UserError(
                f"{folder / f'data.{part}'}:{number}: no synset as wndb(5) describes it ({error})"
            ) from error
        lemmas = tuple(map(str.lower, spelled))
        yield Synset(letter + fields[0], lemmas, spelled, typed, gloss.partition('"')[0].strip(" ;\n"))


def sense_ranks(folder: Path, part: str) -> dict[tuple[str, str], int]:
    """Return which sense of a lemma a synset is, 1 for the most frequent, by synset and lemma."""
    ranks = {}
    for number, line in _lines(folder / f"index.{part}"):
        fields = line.split()
        try:
            senses = fields[-int(fields[2]) :]
        except (ValueError, IndexError) as error:
            raise UserError(f"{folder / f'index.{part}'}:{number}: no entry as wndb(5) describes it") from error
        for rank, offset in enumerate(senses, start=1):
            ranks[PARTS[part] + offset, fields[0]] = rank
    return ranks


def irregular_forms(folder: Path) -> list[tuple[str, str]]:
    """Return each irregular form with each of its lemmas, as ``women`` with ``woman``, once."""
    forms: dict[tuple[str, str], None] = {}
    for part in PARTS:
        for number, line in _lines(folder / f"{part}.exc"):
            form, *lemmas = (_spelled(word).lower() for word in line.split()) if line.strip() else ("",)
            if not lemmas:
                raise UserError(
                    f"{folder / f'{part}.exc'}:{number}: no form and its lemmas, as morphy(7WN) describes them"
                )
            forms |= {(form, lemma): None for lemma in lemmas if lemma != form}
    return list(forms)


def check_wordnet(folder: Path) -> None:
    """Refuse a folder that lacks a file of WordNet, before all else is done."""
    for part in PARTS:
        for name in (f"data.{part}", f"index.{part}", f"{part}.exc"):
            if not (folder / name).is_file():
                raise UserError(f"wordnet: {folder / name} is missing; give the dict/ folder of WordNet 3")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a file below its licence, whose lines start with white space."""
    for number, line in enumerate(utf8_lines(path), start=1):
        if not line.startswith("  "):
            yield number, line


def _spelled(word: str) -> str:
    """Return a lemma as a term, but for its case: without the marker of an adjective's position, as ``galore(ip)``."""
    return word.split("(")[0].replace("/", "_")
