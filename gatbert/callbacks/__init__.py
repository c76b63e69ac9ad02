"""What a run leaves in its folder and on the screen: config, record, predictions, scores."""

from gatbert.callbacks.predictions import PredictionWriter, write_predictions
from gatbert.callbacks.run_folder import LastCheckpoint, RunFolder
from gatbert.callbacks.score_table import ScoreTable

__all__ = ["LastCheckpoint", "PredictionWriter", "RunFolder", "ScoreTable", "write_predictions"]
