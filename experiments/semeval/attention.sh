#!/bin/bash
# SemEval-2016, validation alone: attention types, the graph without a gate, and apart from the text; two seeds each.
set -euo pipefail
cd "$(dirname "$0")/../.."
export GATBERT_RESULTS=${GATBERT_RESULTS:-results}
OUTPUT=$GATBERT_RESULTS/experiments/semeval_attention
VALIDATED=$GATBERT_RESULTS/experiments/semeval_attention_validated

experiments/grid.sh semeval "$OUTPUT" 1,2 hybrid trans_key rel_mat hetero no_gate concat
for run in "$OUTPUT"/*/seed*; do
    setting=$(basename "$(dirname "$run")")
    seed=$(basename "$run")
    [ -d "$VALIDATED/$setting/$seed" ] || python -m gatbert validate --ckpt_path "$run"/checkpoints/epoch*.ckpt \
        --data experiments/semeval/data.yaml --trainer.logger.init_args.save_dir "$VALIDATED" \
        --trainer.logger.init_args.name "$setting" --trainer.logger.init_args.version "$seed"
done
python -m gatbert report "$VALIDATED" --output "$VALIDATED/report" --split val --score favor_against_f1 \
    --baselines false --markdown docs/results.md#semeval_attention
