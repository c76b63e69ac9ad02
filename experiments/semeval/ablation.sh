#!/bin/bash
# SemEval-2016: what Hybrid loses without its graph, with another sample's, with other relations, and in other words.
set -euo pipefail
cd "$(dirname "$0")/../.."
export GATBERT_RESULTS=${GATBERT_RESULTS:-results}
GRID=$GATBERT_RESULTS/experiments/semeval
OUTPUT=$GATBERT_RESULTS/experiments/semeval_ablation

for run in "$GRID"/hybrid/seed*; do
    seed=$(basename "$run")
    [ -d "$OUTPUT/$seed" ] || python -m gatbert ablate "$run"/checkpoints/epoch*.ckpt --output "$OUTPUT/$seed" \
        --score favor_against_f1 --data experiments/semeval/data.yaml
done
