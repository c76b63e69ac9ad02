"""The pretrained encoders that a run needs, by its configuration."""

from typing import Any

from gatbert.stance_classifier.concept_sources import vector_options
from gatbert.stance_classifier.option_groups import OPTION_NAMES, classifier_options
from gatbert.stance_classifier.options import with_reader


def encoders_of(config: Any) -> list[str]:
    """Return the encoder of a run, and that which reads definitions, if another does.

    Args:
        config: Parsed arguments of a training, by dotted name.
    """
    options = classifier_options(*(config.model[name] for name in OPTION_NAMES))
    reader = vector_options(with_reader(options, config.pretrained_model)).reader
    return list(dict.fromkeys(filter(None, (config.pretrained_model, reader))))
