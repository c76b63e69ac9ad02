#!/usr/bin/env bash
#SBATCH --job-name=gatbert-predict
#SBATCH --partition=gpu
#SBATCH --gres=gpu:a100:1
#SBATCH --array=1-8
#SBATCH --time=12:00:00
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --mem=16gb
#SBATCH --mail-type=END,FAIL
#SBATCH --output=slurm-%x-%A-%a.out
# A requeued task goes on with the rows that it has not predicted, and adds to the same log.
#SBATCH --requeue
#SBATCH --open-mode=append
#
# Predict a large file on several nodes, one shard each, and join the shards afterwards:
#
#     sbatch slurm/predict_array.sh MODEL FILE --output OUTPUT
#     python -m gatbert predict MODEL FILE --output OUTPUT --merge true
#
# Give --account and --mail-user on the sbatch line, or in SBATCH_ACCOUNT. Variables: GATBERT_REPO, GATBERT_ENV, as in
# train.sh. A task that failed is submitted again by sbatch --array=NUMBER; give --array=1-N for another number of shards.
set -euo pipefail

script_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=${GATBERT_REPO:-${SLURM_SUBMIT_DIR:-$(dirname "$script_folder")}}
[ -f "$repo/slurm/environment.sh" ] || {
    echo "predict_array.sh: $repo is no checkout of gatbert; call sbatch there, or set GATBERT_REPO" >&2
    exit 1
}
. "$repo/slurm/environment.sh"

case ${1:--} in -*) fail "give a model and a file first: sbatch slurm/predict_array.sh MODEL FILE --output OUTPUT" ;; esac
shard=()
if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
    shard=(--shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT")
fi
python -m gatbert predict "$@" "${shard[@]}" --resume true ||
    fail "prediction failed${SLURM_ARRAY_TASK_ID:+ in shard $SLURM_ARRAY_TASK_ID}"
