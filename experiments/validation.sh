#!/bin/bash
# Trains settings on one corpus and writes how they compare on its validation part: what experiments/NAME/attention.sh and options.sh call.
# Usage: experiments/validation.sh CORPUS TABLE SEEDS SCORE SETTING ...
set -euo pipefail
cd "$(dirname "$0")/.."
CORPUS=$1
TABLE=$2
SEEDS=${SEEDS:-$3}
SCORE=$4
shift 4
export GATBERT_RESULTS=${GATBERT_RESULTS:-results}
OUTPUT=$GATBERT_RESULTS/experiments/$CORPUS
VALIDATED=$GATBERT_RESULTS/experiments/${CORPUS}_validated

experiments/grid.sh "$CORPUS" "$OUTPUT" "$SEEDS" "$@"
for setting in "$@"; do
    for seed in ${SEEDS//,/ }; do
        [ -d "$VALIDATED/$setting/seed$seed" ] || python -m gatbert validate \
            --ckpt_path "$OUTPUT/$setting/seed$seed"/checkpoints/epoch*.ckpt --data "experiments/$CORPUS/data.yaml" \
            --trainer.logger.init_args.save_dir "$VALIDATED" --trainer.logger.init_args.name "$setting" \
            --trainer.logger.init_args.version "seed$seed"
    done
done
python -m gatbert report "${@/#/$VALIDATED/}" --output "$VALIDATED/$TABLE" --split val --score "$SCORE" \
    --baselines false --markdown "docs/results.md#$TABLE"
