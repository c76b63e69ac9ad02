"""A model trained on controlled data, for the commands that ask what it uses."""

from pathlib import Path

import yaml

from tests.command_line import train_aside, training_arguments
from tests.tiny import CONFIGS, save_encoder

WIDE = {"hidden_size": 64, "num_attention_heads": 4, "intermediate_size": 128}
STILL = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}


def write_chains(folder: Path, **settings: object) -> Path:
    """Write settings of controlled data, and a ``--data`` file over them."""
    (folder / "mine.yaml").write_text(yaml.safe_dump({"hops": 1, "num_texts": 200, **settings}))
    partitions = {str(folder / "mine.yaml"): [0.7, 0.1, 0.2]}
    init_args = {"corpus_type": "synthetic", "partitions": partitions, "batch_size": 32, "max_length": 64}
    data = folder / "controlled_data.yaml"
    data.write_text(
        yaml.safe_dump({"class_path": "gatbert.data_modules.RandomSplitDataModule", "init_args": init_args})
    )
    return data


def train(folder: Path, data: Path, classifier: str, *options: str) -> Path:
    """Train a small encoder until it knows what it can know, and return its last checkpoint."""
    encoder = save_encoder(folder / "encoder", config={**CONFIGS["bert"], **WIDE, **STILL})
    fast = ["--trainer.max_epochs", "25", "--model.learning_rate", "3e-3", "--early_stopping.patience", "25"]
    options = (*options, "--classifier", f"gatbert.stance_classifier.{classifier}")
    arguments = [*training_arguments(encoder, folder / "results"), "--data", str(data), *fast, *options]
    return train_aside("fit", folder, *arguments) / "checkpoints" / "last.ckpt"
