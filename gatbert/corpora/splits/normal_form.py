"""When two texts are the same: as one would say who reads them, not as their characters are."""

import html
import re
import unicodedata

DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02"
SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u0060\u00b4\u02bc\uff07"
WRITTEN = str.maketrans({**dict.fromkeys(DOUBLE_QUOTES, '"'), **dict.fromkeys(SINGLE_QUOTES, "'"), "\u2026": "..."})
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
ADDRESS = re.compile(r"(?:https?://|www\.|\bpic\.twitter\.com/|\bt\.co/)\S*|\b[\w.+-]+@[\w-]+\.[\w.-]+")
RETWEET = re.compile(r"(?:\s*\brt\s*@\w+\s*:?)+\s*")
USER_NAME = re.compile(r"@\s?\w+")
AT_END = " .,;:!?\"'"


def normal_form(text: str) -> str:
    """Return a text as it is compared with others, so that what differs in form alone is the same.

    HTML entities, Unicode (NFC), case, white space and curly quotes do not tell texts apart; nor do the names of users,
    web and mail addresses, who is retweeted (``RT @name:``), and punctuation at the end. A text that has nothing else
    is only folded.

    Args:
        text: A post, as raw text.
    """
    plain = html.unescape(html.unescape(text)).translate(INVISIBLE)
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", plain).casefold()).translate(WRITTEN)
    said = RETWEET.sub(" ", ADDRESS.sub(" ", plain))
    said = " ".join(USER_NAME.sub("@", said).split()).rstrip(AT_END)
    return said if said.strip("@" + AT_END) else folded(text)


def folded(text: str) -> str:
    """Return a text in one case, with single spaces: what tells names apart, such as targets."""
    return " ".join(text.casefold().split())
