"""What jsonargparse says of a wrong argument, in one sentence that its user can act on."""

import difflib
import re
from collections.abc import Iterable, Sequence

from gatbert.console.given_files import place_of

MISSING = r"the following arguments are required: (.*)"
UNKNOWN = r"Key \"([^\"]+)\" is not expected|unrecognized arguments: (\S+)|Option '([^']+)' is not accepted"
UNKNOWN_IN_GROUP = r"Group '([^']+)' does not accept option '([^']+)'"
WRONG_VALUE = r'Parser key "([^"]+)":'
NO_SECTION = r'Parser key "([^"]+)": Unable to load config "([^"]*)"'
INNER = r"(there is no argument )?--([\w.]+)( .*|:.*|;.*)"

NO_CLASS = "there is no such file, and no such class"

MOST_OF_A_VALUE = 200
"""Letters of a wrong value that are shown."""

KINDS = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "str": "text",
    "list": "a list, such as [a, b]",
    "dict": "names with values, such as {a: b}",
}


def one_sentence(message: str, known: Iterable[str] = (), words: Sequence[str] = ()) -> str:
    """Cut an error of the parser down to what the user can act on: the argument, and why its value does not do.

    Args:
        message: The error.
        known: Flags that there are, without dashes; one that is like an unknown one is proposed.
        words: The command line.
    """
    known = [*known]
    message = re.sub(UNKNOWN_IN_GROUP, r"Option '\1.\2' is not accepted", message)
    if missing := re.fullmatch(MISSING, message):
        # What is no flag has a place on the command line.
        shown = [f"--{name}" if not known or name in known else name.upper() for name in missing[1].split(", ")]
        return f"{', '.join(shown)} must be given; --help says what it is"
    if unknown := re.search(UNKNOWN, message, re.IGNORECASE):
        name = next(filter(None, unknown.groups())).partition("=")[0]
        place = place_of(name.lstrip("-"), words) if name.startswith("-") or name not in words else name
        return f"there is no argument {place}{_alike(name.lstrip('-'), known)}; --help lists all"
    if section := re.search(NO_SECTION, message):
        key, value = section.groups()
        where = f"{place_of(key, words)} {value}"
        return f"{where}: there is no such file; give a YAML file, or options such as --{key}.NAME"
    if key := re.match(WRONG_VALUE, message):
        return _wrong_value(key[1], message, message[key.end() :], words)
    return " ".join(message.split())


def _wrong_value(key: str, message: str, said: str, words: Sequence[str]) -> str:
    """Return where a wrong value was given, the value, and what is accepted there.

    Args:
        key: Dotted name of the argument.
        message: The whole error; where several types are accepted, it has a line for each.
        said: What it says of the argument.
        words: The command line.
    """
    reasons = re.findall(r"^ +- (.*(?:\n {6,}.*)*)", message, re.MULTILINE) or [said]
    useful = [reason for reason in reasons if "NoneType" not in reason and "Union subtypes" not in reason] or reasons
    if inner := re.match(INNER, useful[0]):
        # A class among the arguments has a parser of its own, which knows its arguments without their prefix.
        place = place_of(f"{key}.{inner[2]}", words)
        return (inner[1] or "") + place + inner[3].replace("did you mean --", f"did you mean --{key}.")
    value = re.search(r"Given value: (?!Namespace|NestedArg)(.*)|Got value: (.*)", message)
    given = f" {_shortened(next(filter(None, value.groups()), '').strip())}" if value else ""
    told = [*dict.fromkeys(map(_in_plain_words, useful))]
    if len(told) > 1:  # that a name is no file says nothing, where something is known of its class
        told = [reason for reason in told if reason != NO_CLASS]
    return f"{place_of(key, words)}{given}: {'; '.join(told)}"


def _shortened(value: str) -> str:
    """Return the beginning of a long value: whoever gave it knows the rest."""
    return value if len(value) <= MOST_OF_A_VALUE else f"{value[:MOST_OF_A_VALUE]}..."


def _in_plain_words(reason: str) -> str:
    """Say what a value must be without the words of Python."""
    reason = " ".join(reason.partition(". Got value:")[0].split())
    reason = re.sub(
        r"^Expected a (path but (.*) either not accessible.*|dot import path string: (.*))", NO_CLASS, reason
    )
    reason = re.sub(r"<class '(\w+)'>", lambda kind: KINDS.get(kind[1], kind[1]), reason)
    reason = re.sub(r"typing\.Literal\[(.*?)\]", lambda those: f"one of {those[1].replace(chr(39), '')}", reason)
    return reason.replace("Expected a one of", "accepted is one of").replace("Expected a ", "accepted is ", 1)


def _alike(name: str, known: Iterable[str]) -> str:
    """Propose the argument that is most like an unknown one: by its whole name, its last part, or its first."""
    names = [*dict.fromkeys(known)]
    # Pairs, as a name without a dot is its own last and first part.
    parts = (
        (name, {other: other for other in names}),
        (name.rpartition(".")[2], {other.rpartition(".")[2]: other for other in names}),
        (name.partition(".")[0], {other.partition(".")[0]: other for other in names}),
    )
    for part, others in parts:
        if near := difflib.get_close_matches(part, others, n=1, cutoff=0.8):
            return f"; did you mean --{others[near[0]]}"
    return ""
