#!/bin/bash
# SemEval-2016, validation alone: attention types, the graph without a gate, and apart from the text; two seeds each.
exec "$(dirname "$0")/../validation.sh" semeval semeval_attention 1,2 favor_against_f1 \
    hybrid trans_key rel_mat hetero no_gate concat
