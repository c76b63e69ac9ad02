"""Tests of the Slurm scripts, with stand-ins for sbatch, module, conda and python."""
