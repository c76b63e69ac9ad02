#!/bin/bash
# Trains and tests the four settings on one corpus, and writes its table: what experiments/NAME/run.sh calls.
# Usage: experiments/table.sh NAME SEEDS SCORE
set -euo pipefail
cd "$(dirname "$0")/.."
NAME=$1
export GATBERT_RESULTS=${GATBERT_RESULTS:-results}
OUTPUT=$GATBERT_RESULTS/experiments/$NAME

experiments/grid.sh "$NAME" "$OUTPUT" "${SEEDS:-$2}" hybrid shuffled text background
python -m gatbert report "$OUTPUT"/{hybrid,shuffled,text,background} --output "$OUTPUT/report" --score "$3" \
    --markdown "docs/results.md#$NAME" --compare hybrid:text,hybrid:shuffled,hybrid:background,background:text
