"""Numbers that stand where an index would and are none: each means one thing, and used as an index, each raises.

They lie near the end of 32 bits, so that they fit wherever an index does. A small negative number would count from the
end, in Python and in numpy, and so read another's row in silence. Whoever looks up what may be one masks it first.
"""

NO_GOLD = -2_000_000_001
"""Stance index of a sample whose stance is not known."""

REPEATED = -2_000_000_002
"""Sample index of a row that only fills up the last step of a distributed evaluation and counts nowhere."""

FIRST_TOKEN = -2_000_000_003
"""Node that stands for the encoder's first token, which is no word; only transforms link it, and no file has it."""

NO_VECTOR = -2_000_000_004
"""Row, in a file of vectors, of a concept that has none there."""
