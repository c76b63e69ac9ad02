#!/usr/bin/env bash
#SBATCH --job-name=gatbert-tag
#SBATCH --partition=hpg-default
#SBATCH --array=1-8
#SBATCH --time=04:00:00
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=8gb
#SBATCH --mail-type=END,FAIL
#SBATCH --output=slurm-%x-%A-%a.out
#
# Tag a corpus on several nodes, one shard each, and join the shards afterwards:
#
#     sbatch slurm/tag.sh --graph GRAPH --output FOLDER --corpus_type vast --train FILE --test FILE
#     python -m gatbert tag --output FOLDER --merge true
#
# Give --account and --mail-user on the sbatch line, or in SBATCH_ACCOUNT. Variables: GATBERT_REPO, GATBERT_ENV, as in
# train.sh.
set -euo pipefail

script_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=${GATBERT_REPO:-${SLURM_SUBMIT_DIR:-$(dirname "$script_folder")}}
[ -f "$repo/slurm/environment.sh" ] || {
    echo "tag.sh: $repo is no checkout of gatbert; call sbatch there, or set GATBERT_REPO" >&2
    exit 1
}
. "$repo/slurm/environment.sh"

shard=()
if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
    shard=(--shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT")
fi
python -m gatbert tag "$@" "${shard[@]}" || fail "tagging failed${SLURM_ARRAY_TASK_ID:+ in shard $SLURM_ARRAY_TASK_ID}"
