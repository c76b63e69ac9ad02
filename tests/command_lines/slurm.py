"""What Slurm puts into the environment of a job."""

NUMBERS = {"NTASKS": 1, "JOB_ID": 7, "PROCID": 0, "LOCALID": 0, "NODEID": 0, "NNODES": 1}
SLURM = {"SLURM_JOB_NAME": "train", **{f"SLURM_{name}": str(number) for name, number in NUMBERS.items()}}
"""What a job of one task finds in its environment."""
