"""What a run leaves in its folder and on the screen: config, record, predictions, scores."""

from gatbert.callbacks.decisions import Decisions
from gatbert.callbacks.graceful_stop import GracefulStop
from gatbert.callbacks.last_checkpoint import LastCheckpoint
from gatbert.callbacks.predictions import PredictionWriter
from gatbert.callbacks.progress import ModelSize, RunProgress
from gatbert.callbacks.run_folder import RunFolder
from gatbert.callbacks.score_table import ScoreTable

__all__ = [
    "Decisions",
    "GracefulStop",
    "LastCheckpoint",
    "ModelSize",
    "PredictionWriter",
    "RunFolder",
    "RunProgress",
    "ScoreTable",
]
