#!/bin/bash
# SemEval-2016, validation alone: what else may help an encoder that reads the words, one option at a time; two seeds each.
exec "$(dirname "$0")/../validation.sh" semeval semeval_options 1,2 favor_against_f1 \
    text template head layer_decay averaged frozen
