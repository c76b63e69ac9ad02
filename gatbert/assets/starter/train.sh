#!/usr/bin/env bash
#SBATCH --job-name=@NAME@
#SBATCH --gres=gpu:1
#SBATCH --time=04:00:00
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=16gb
#SBATCH --output=slurm-%x-%j.out
#
# Look at the run, then train and test, in an environment that has gatbert: bash train.sh, or sbatch train.sh. Arguments
# go to the run, and win over the files.
set -euo pipefail

folder=@FOLDER@
run=(-c "$folder/base.yaml" --data "$folder/data.yaml" "$@")
python -m gatbert doctor "${run[@]}"
python -m gatbert.fit_and_test "${run[@]}"
