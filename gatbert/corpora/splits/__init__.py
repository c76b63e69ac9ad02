"""Which sample is in which split.

What decides it: ``corpus_splits`` (the settings that all ways share), ``given_splits`` (splits that come with a corpus,
in files of their own or by a column), ``random_splits`` (splits that are drawn, folds among them), ``hashing`` (how
they are drawn: by a hash of the sample), ``cuts`` (where a column is cut). What is said of it: ``duplicates`` (samples
that two splits share, which is a leak: refused, dropped or allowed), ``flags`` (whether a sample's target was trained
on).
"""

from gatbert.samples import Sample

SPLITS = ("train", "val", "test", "predict")
"""Names of the splits: the first three are disjoint, ``predict`` may hold whatever it wants."""

Splits = dict[str, list[Sample]]
"""The samples of each split that there is, by its name."""
