#!/usr/bin/env bash
#SBATCH --job-name=gatbert-grid
#SBATCH --partition=gpu
#SBATCH --gres=gpu:a100:1
#SBATCH --time=12:00:00
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=32gb
#SBATCH --mail-type=END,FAIL
#SBATCH --output=slurm-%x-%A-%a.out
# A requeued task goes on from the last checkpoint of its run, and adds to the same log.
#SBATCH --requeue
#SBATCH --open-mode=append
#
# Train and test the runs of a grid on several nodes, one run a task. gatbert writes the grid and submits this script:
#
#     python -m gatbert multi_run --slurm true --sbatch "--account=GROUP" --output FOLDER ... -- ARGUMENTS
#
# By hand, for runs 3 to 5 of a grid that stands in FOLDER/grid.json:
#
#     sbatch --array=3-5 slurm/array.sh FOLDER
#
# Variables: GATBERT_REPO, GATBERT_ENV, GATBERT_DATA, as in train.sh.
set -euo pipefail

script_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=${GATBERT_REPO:-${SLURM_SUBMIT_DIR:-$(dirname "$script_folder")}}
[ -f "$repo/slurm/environment.sh" ] || {
    echo "array.sh: $repo is no checkout of gatbert; call sbatch there, or set GATBERT_REPO" >&2
    exit 1
}
[ $# -eq 1 ] || {
    echo "array.sh: give the folder of the grid, and nothing else: sbatch --array=1-N slurm/array.sh FOLDER" >&2
    exit 1
}
grid=$(realpath -m "$1")
. "$repo/slurm/environment.sh"

[ -n "${SLURM_ARRAY_TASK_ID:-}" ] || fail "this is no array; call sbatch --array=1-N slurm/array.sh $grid"
[ -f "$grid/grid.json" ] || fail "there is no grid in $grid; gatbert multi_run --slurm true writes one"
status=0
python -m gatbert doctor --grid "$grid" --task "$SLURM_ARRAY_TASK_ID" || status=$?
[ "$status" -eq 0 ] || fail "gatbert doctor has found a fault in run $SLURM_ARRAY_TASK_ID of $grid; nothing was run"
python -m gatbert multi_run --output "$grid" --task "$SLURM_ARRAY_TASK_ID" || status=$?
[ "$status" -eq 0 ] || fail "run $SLURM_ARRAY_TASK_ID of $grid is not finished (exit status $status); see $grid/logs"
