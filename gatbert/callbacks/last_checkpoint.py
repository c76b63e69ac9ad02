"""The checkpoint from which a run goes on, beside those that are chosen by their scores."""

import lightning.pytorch as pl
from lightning.pytorch.callbacks import ModelCheckpoint

from gatbert.errors.libraries import FAST_DEV_RUN


class LastCheckpoint(ModelCheckpoint):
    """Keep ``last.ckpt``, from which a run goes on, up to date: after every epoch, best or not, and at a stop."""

    def __init__(self) -> None:
        super().__init__(filename="last", save_on_train_epoch_end=True, enable_version_counter=False)
        self._kept_step = 0  # of the weights that training starts from, there is nothing to keep

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Bring it up to date."""
        super().on_train_epoch_end(trainer, pl_module)
        self._kept_step = trainer.global_step

    def save_now(self, trainer: pl.Trainer) -> None:
        """Bring it up to date in the middle of an epoch."""
        # Several processes stop at different batches: what they saved together would be of none.
        together = trainer.world_size > 1
        if not together and trainer.global_step != self._kept_step and not FAST_DEV_RUN.read_from(trainer):
            path = self.format_checkpoint_name({}, "last")
            trainer.save_checkpoint(path)
            self.best_model_path = path
