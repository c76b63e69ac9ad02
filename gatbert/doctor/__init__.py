"""What is looked at before a training is queued: machine, arguments, encoder, data, room, Slurm, time."""
