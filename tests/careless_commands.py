"""Careless commands: what a user may type by mistake, and the words of the sentence that each gets.

``python -m tests.careless_commands [WORD...]`` runs those that hold a word, or all, each in a process of its own, and
prints a table: exit status, seconds, and the sentence.
"""

import bz2
import csv
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.evaluation.folders import write_run
from tests.knowledge.dump import causal, write_wikidata5m
from tests.tiny import corpus_rows, save_encoder, write_corpus

CONFIGS = Path(__file__).parents[1] / "configs"

TRAIN = (
    f"-c {CONFIGS / 'base.yaml'} --pretrained_model encoder --data data.yaml --trainer.accelerator cpu "
    "--trainer.max_epochs 1 --trainer.enable_progress_bar false --trainer.enable_model_summary false "
    "--trainer.log_every_n_steps 1"
)
GRAPHS = f"{TRAIN} --classifier Hybrid --data.corpus_type graph"
MIX = f"fit {TRAIN} --data MixedDataModule --data.corpora"
BY_COLUMN = f"fit {TRAIN} --data.split_by column --data.split_column"
CKPT = "run/checkpoints/last.ckpt"
PREDICT = f"predict --ckpt_path {CKPT} --data SplitDataModule --data.predict posts.csv"
BUILD = "build_graph --output out"
TAG = "tag --graph graph --output out"


@dataclass(frozen=True)
class Careless:
    """Hold a careless command.

    Attributes:
        line: What is typed after ``gatbert``.
        words: Words of the sentence that it gets.
        loads_torch: Whether the mistake can be seen only by a command that trains or tests.
    """

    line: str
    words: tuple[str, ...]
    loads_torch: bool = False


def _light(*lines: tuple[str, ...]) -> Iterator[Careless]:
    yield from (Careless(line, words) for line, *words in lines)  # type: ignore[arg-type]  # a star has no types


def _training(*lines: tuple[str, ...]) -> Iterator[Careless]:
    yield from (Careless(line, tuple(words), loads_torch=True) for line, *words in lines)


CARELESS = (
    # Commands and files
    *_light(
        ("trainn", "unknown command 'trainn'", "fit"),
        ("fit -c nowhere.yaml", "nowhere.yaml", "does not exist"),
        (f"fit {TRAIN} -c .", "is a folder"),
        ("fit --data nowhere.yaml", "nowhere.yaml does not exist"),
        ("fit --data indented.yaml", "indented.yaml:4", "is no YAML", "indentation"),
        ("fit --data list.yaml", "list.yaml: this is a list"),
        ("fit --data latin.yaml", "latin.yaml", "0xe9"),
        ("fit -c deep.yaml", "deep.yaml", "nested"),
        ("fit -c bomb.yaml", "bomb.yaml", "values"),
        ("fit -c alias.yaml", "alias.yaml", "alias"),
        (f"fit {TRAIN} --model posts.csv.yaml", "posts.csv.yaml does not exist"),
        (f"fit {TRAIN} --ckpt_path nowhere.ckpt", "--ckpt_path nowhere.ckpt", "does not exist"),
        (f"fit {TRAIN} --ckpt_path .", "is a folder"),
        ("test --ckpt_path last --data data.yaml", "last does not exist"),
        ("fit --data SplitDataModule --data.train nowhere.csv", "data.train", "nowhere.csv does not exist"),
        ("fit --data lost.yaml", "data.val", "lost.csv does not exist"),
        ("fit --data SplitDataModule --data.train $NOT_SET_HERE/a.csv", "NOT_SET_HERE", "not set"),
        ("fit --data SplitDataModule --data.train pkg:nothing/a.csv", "'nothing' is not installed"),
        ("fit --data RandomSplitDataModule --data.partitions '{lost.csv: [1, 0, 0]}'", "lost.csv does not exist"),
    ),
    # Arguments of training
    *_training(
        ("fit", "--data must be given"),
        ("fit --data.batch_size 4", "give --data CLASS or --data FILE.yaml before it"),
        ("fit --data.batch_size 4 --data data.yaml", "stands before --data data.yaml"),
        ("fit --data StanceDataModule", "abstract"),
        ("fit --data nothing", "--data nothing", "no such file, and no such class"),
        ("fit --data typo.yaml", "data.trian in typo.yaml", "did you mean --data.train"),
        ("fit --data wrong_value.yaml", "data.batch_size in wrong_value.yaml many", "a whole number"),
        (f"fit {TRAIN} unexpected", "no argument unexpected"),
        (f"fit {TRAIN} --no_such_flag 1", "no argument --no_such_flag"),
        (f"fit {TRAIN} --model.learning_rat 1", "no argument --model.learning_rat", "--model.learning_rate"),
        (f"fit {TRAIN} --model.learning_rate fast", "--model.learning_rate fast", "a number"),
        (f"fit {TRAIN} --model.learning_rate -1", "--model.learning_rate -1.0 is not accepted", "more than 0"),
        (f"fit {TRAIN} --model.learning_rate 0", "--model.learning_rate 0.0", "more than 0"),
        (f"fit {TRAIN} --model.learning_rate nan", "--model.learning_rate nan"),
        (f"fit {TRAIN} --model.label_smoothing -1", "--model.label_smoothing -1.0", "0 to 1"),
        (f"fit {TRAIN} --model.warmup_ratio 7", "--model.warmup_ratio 7.0", "0 to 1"),
        (f"fit {TRAIN} --model.weight_decay -3", "--model.weight_decay -3.0", "at least 0"),
        (f"fit {TRAIN} --model.head_dropout 1.5", "--model.head_dropout 1.5", "less than 1"),
        (
            f"fit {TRAIN} --model.pooling end",
            "--model.pooling end",
            "one of first, last, mean, target, concepts, seeds",
        ),
        (f"fit {TRAIN} --model.schedule step", "--model.schedule step", "one of linear, cosine, constant"),
        (f"fit {TRAIN} --model.class_weights '{{favor: 2}}'", "class_weights", "against"),
        (f"fit {TRAIN} --model.class_weights '{{favor: -2, against: 1, neutral: 1}}'", "class_weights -2.0"),
        (f"fit {TRAIN} --model.num_graph_layers 2", "TextClassifier takes no option num_graph_layers"),
        (f"fit {TRAIN} --model.classifier_args.depth 2", "takes no option depth"),
        (f"fit {TRAIN} --model.freeze top", "--model.freeze top", "embeddings, encoder"),
        (f"fit {TRAIN} --model.freeze 0", "--model.freeze 0 is not accepted", "at least 1"),
        (f"fit {TRAIN} --model.freeze 3", "freeze 3 is not accepted", "2 layers"),
        (f"fit {TRAIN} --model.layer_decay 1.5", "--model.layer_decay 1.5 is not accepted", "at most 1"),
        (f"fit {TRAIN} --model.ema 1", "--model.ema 1.0 is not accepted", "less than 1"),
        (f"fit {TRAIN} --model.lora true", "--model.lora True", "no such"),
        (f"fit {TRAIN} --model.lora.rank 0", "lora.rank 0 is not accepted", "at least 1"),
        (f"fit {TRAIN} --model.lora.rank many", "--model.lora.rank many", "a whole number"),
        (f"fit {TRAIN} --model.lora.ranks 4", "--model.lora.ranks"),
        (f"fit {TRAIN} --model.lora.target_modules [qeury]", "target_modules qeury", "key, query"),
        (f"fit {TRAIN} --model.lora.rank 2 --model.freeze 1", "freeze 1 beside lora", "leave one out"),
        (f"fit {TRAIN} --model.lora.quantize 4bit", "lora.quantize 4bit"),
        (f"fit {TRAIN} --model.lora.quantize 2bit", "--model.lora.quantize 2bit", "8bit, 4bit"),
        (f"fit {TRAIN} --early_stopping.patience -1", "--early_stopping.patience -1", "at least 0"),
        (f"fit {TRAIN} --data.transforms [negated_prefix]", "negated_prefix is for tests alone"),
        (f"fit {TRAIN} --data.transforms [paraphrase_target]", "give --data.paraphrases FILE"),
        (f"fit {TRAIN} --data.paraphrases nowhere.yaml", "nowhere.yaml"),
        (f"fit {TRAIN} --decision.thresholds f1", "--decision.thresholds f1", "macro_f1"),
        (
            f"predict --ckpt_path {CKPT} --data SplitDataModule --data.predict posts.csv --abstain_below 60",
            "--abstain_below",
            "0 to 1",
        ),
        (f"fit {TRAIN} --early_stopping.monitor val_f1", "val_f1", "never logged"),
        (f"fit {TRAIN} --checkpoint.monitor val_loss", "val_loss", "its mode is 'min'"),
        (f"fit {TRAIN} --checkpoint.save_top_k -7", "--checkpoint.save_top_k -7"),
        (f"fit {TRAIN} --trainer.max_epochs 0", "--trainer.max_epochs 0", "at least 1 or -1"),
        (f"fit {TRAIN} --trainer.max_steps 0", "--trainer.max_steps 0", "at least 1 or -1"),
        (f"fit {TRAIN} --trainer.limit_train_batches 0", "--trainer.limit_train_batches 0", "more than 0"),
        (f"fit {TRAIN} --trainer.limit_train_batches -1", "--trainer.limit_train_batches -1"),
        (f"fit {TRAIN} --trainer.val_check_interval 1000", "val_check_interval", "1000"),
        (f"fit {TRAIN} --trainer.accumulate_grad_batches 0", "--trainer.accumulate_grad_batches 0"),
        (f"fit {TRAIN} --trainer.gradient_clip_val -1", "--trainer.gradient_clip_val -1"),
        (f"fit {TRAIN} --trainer.precision 7", "--trainer.precision 7", "bf16-mixed"),
        (f"fit {TRAIN} --trainer.strategy no_such", "strategy='no_such'"),
        (f"fit {TRAIN} --trainer.devices 0", "devices"),
        (f"fit {TRAIN} --trainer.accelerator gpu", "gpu"),
        (f"fit {TRAIN} --trainer.fast_dev_run maybe", "--trainer.fast_dev_run maybe", "true or false"),
        (f"fit {TRAIN} --seed_everything -1", "--seed_everything -1", "0 to 4294967295"),
        (f"fit {TRAIN} --optimizer SGDD", "--optimizer SGDD", "no such class"),
        (f"fit {TRAIN} --lr_scheduler.step_size 1", "--lr_scheduler.step_size"),
        (f"fit {TRAIN} --classifier Txt", "'Txt'", "TextClassifier"),
        (f"fit {TRAIN} --classifier os.path.join", "os.path.join", "not a subclass"),
        (f"fit {TRAIN} --classifier gatbert.stance_classifier.StanceClassifier", "abstract"),
        (f"fit {TRAIN} --classifier my_package.MyClassifier", "my_package.MyClassifier", "cannot be imported"),
        (f"fit {TRAIN} --classifier Hybrid", "HybridClassifier reads a graph", "gatbert tag"),
        (f"fit {TRAIN} --pretrained_model ./nowhere", "./nowhere", "no folder"),
        (f"fit {TRAIN} --pretrained_model pkg:nothing/model", "'nothing' is not installed"),
        (f"fit {TRAIN} --pretrained_model run/checkpoints/no.ckpt", "no.ckpt does not exist"),
        (f"fit {TRAIN} --pretrained_model posts.csv", "posts.csv", "a folder"),
    ),
    # Data of training
    *_training(
        (f"fit {TRAIN} --data.batch_size 0", "--data.batch_size 0", "at least 1"),
        (f"fit {TRAIN} --data.batch_size many", "--data.batch_size many", "a whole number"),
        (f"fit {TRAIN} --data.num_workers -1", "--data.num_workers -1", "at least 0"),
        (f"fit {TRAIN} --data.max_length -3", "--data.max_length -3"),
        (f"fit {TRAIN} --data.max_length 3", "leaves no room for the text in max_length 3"),
        (f"fit {TRAIN} --data.max_length 70", "70", "64"),
        (f"fit {TRAIN} --data.split_by tex", "--data.split_by tex", "one of text, target, id, column"),
        (f"fit {TRAIN} --data.folds 5", "--data.folds is given without --data.fold"),
        (f"fit {TRAIN} --data.fold 0", "--data.fold is given without --data.folds"),
        (f"fit {TRAIN} --data.folds 5 --data.fold 5", "--data.fold 5 is not accepted", "0 to 4"),
        (f"fit {TRAIN} --data.folds 1 --data.fold 0", "--data.folds 1 is not accepted", "at least 2"),
        (f"fit {TRAIN} --data.folds 500 --data.fold 0 --data.split_by target", "--data.folds 500", "targets"),
        (f"{BY_COLUMN} id", "split_by column needs", "--data.cut"),
        (f"{BY_COLUMN} id --data.cut soon", "cut [soon] is not accepted", "ISO 8601"),
        (f"{BY_COLUMN} id --data.cut '[2, 1]'", "cut [2, 1] is not accepted", "the first is the earlier"),
        (f"{BY_COLUMN} day --data.cut 2020", "there is no column 'day' for split_column"),
        (f"{BY_COLUMN} text --data.cut 2020-06", "posts.csv:2", "in the column 'text'", "a number, a date"),
        (f"{BY_COLUMN} id --data.cut 9 --data.folds 2 --data.fold 0", "folds and split_by column are both given"),
        (f"fit {TRAIN} --data.cut 2020", "cut is for --data.split_by column"),
        (f"multi_run --folds 2 --output out -- {TRAIN} --data SplitDataModule", "default: its data module", "no folds"),
        (f"{MIX} '[{{train: posts.csv}}]' --data.folds 2 --data.fold 0", "folds are of corpora that are drawn"),
        (f"fit {TRAIN} --data.split_seed -1", "--data.split_seed -1"),
        (f"fit {TRAIN} --data.partitions '{{posts.csv: [0.8, 0.1]}}'", "posts.csv", "sum to 1"),
        (f"fit {TRAIN} --data.partitions '{{}}'", "partitions is empty"),
        (f"fit {TRAIN} --data.delimiter ';;'", "delimiter ';;'", "one character"),
        (f"fit {TRAIN} --data.encoding utf-88", "encoding 'utf-88' is not known"),
        (f"{MIX} '[]'", "corpora is empty"),
        (f"{MIX} '[posts.csv]'", "--data.corpora", "names with values"),
        (f"{MIX} '[{{name: a, pths: posts.csv}}]'", "corpora: a: there is no option 'pths'", "did you mean paths"),
        (f"{MIX} '[{{name: a, paths: posts.csv, weight: -1}}]'", "corpora: a: weight -1", "more than 0"),
        (
            f"{MIX} '[{{paths: posts.csv}}, {{paths: two_stances.csv}}]'",
            "corpora: two are named csv",
            "name of its own",
        ),
        (f"{MIX} '[{{name: a, paths: posts.csv, stances: [pro, con]}}]'", "corpora: a: the stance 'pro'", "stances"),
        (f"{MIX} '[{{name: a, paths: posts.csv, corpus_type: xml}}]'", "corpora: a: corpus_type 'xml'", "semeval"),
        (f"{MIX} '[{{paths: posts.csv}}]' --data.sampling equal", "--data.sampling equal", "proportional, balanced"),
        (f"fit {TRAIN} --data.stances favor", "--data.stances favor", "a list"),
        (f"fit {TRAIN} --data.stances '[favor]'", "--data.stances ['favor']", "two names"),
        (f"fit {TRAIN} --data.transforms mask_all", "--data.transforms mask_all"),
        (f"fit {TRAIN} --data.transforms '[mask_all]'", "mask_all"),
        (f"fit {TRAIN} --data.transforms '[rm_external]'", "the corpus has none"),
        (f"fit {TRAIN} --data.colums '{{text: text}}'", "--data.colums.text", "--data.columns"),
        (f"fit {TRAIN} --data.columns '{{text: body}}'", "no column 'body'"),
        (f"fit {TRAIN} --data.columns '{{txt: text}}'", "txt", "text"),
        (f"fit {TRAIN} --data.labels '{{pro: favor}}'", "posts.csv:2", "labels"),
        (f"fit {TRAIN} --model.head_layers 0", "--model.head_layers 0", "at least 1"),
        (f"fit {TRAIN} --model.head_hidden_size 8", "head_hidden_size 8", "head_layers is 1"),
        (f"fit {TRAIN} --model.pooling nli", "has no head with the labels entailment", "--pretrained_model"),
        (f"fit {TRAIN} --model.pooling nli --model.head_layers 2", "keeps the pretrained head"),
        (f"test {TRAIN} --model.pooling nli", "test needs a trained model", "--ckpt_path", "entailment"),
        (f"fit {TRAIN} --data.second '{{text}} {{stance}}'", "{stance}", "known are {target}, {text}, {context}"),
        (f"fit {TRAIN} --data.first why --data.second '{{text}}'", "have no {target}"),
        (f"fit {TRAIN} --data.second '{{text'", "cannot be read", "written twice"),
        (f"fit {TRAIN} --data.second '{{context}} {{text}}'", "context is to be read", "columns {context: COLUMN}"),
        (f"fit {TRAIN} --data.second '{{background}} {{text}}'", "background is none", "concepts or definition"),
        (f"fit {TRAIN} --data.background web", "--data.background web", "none, text, concepts, definition"),
        (f"fit {TRAIN} --data.background_file lost.jsonl", "--data.background text", "none"),
        (f"fit {TRAIN} --data.background text --data.background_file lost.jsonl", "lost.jsonl", "does not exist"),
        (f"fit {TRAIN} --data.background text --data.background_file posts.csv", "posts.csv:1", "no JSON"),
        (f"fit {TRAIN} --data.max_target_length 0", "max_target_length 0", "at least 1"),
        (f"fit {TRAIN} --data.corpus_type xml", "--data.corpus_type xml", "csv"),
        (f"fit {TRAIN} --data.corpus_type jsonl", "posts.csv:1"),
        (f"fit {TRAIN} --data.corpus_type graph --classifier Hybrid", "posts.csv"),
        (
            f"fit {TRAIN} --data.partitions '{{semicolons.csv: [0.8, 0.1, 0.1]}}'",
            "divided by semicolons",
        ),
        (f"fit {TRAIN} --data.partitions '{{utf16.csv: [0.8, 0.1, 0.1]}}'", "UTF-16"),
        (f"fit {TRAIN} --data.partitions '{{twice.csv: [0.8, 0.1, 0.1]}}'", "twice.csv", "'text'"),
        (f"fit {TRAIN} --data.partitions '{{two_stances.csv: [0.8, 0.1, 0.1]}}'", "neutral", "stances"),
        (f"fit {TRAIN} --data SplitDataModule --data.train posts.csv --data.val posts.csv", "leak", "posts.csv:2"),
        (f"fit_and_test {TRAIN} --data SplitDataModule --data.train posts.csv", "test split has no samples"),
        (f"fit_and_test {TRAIN} --data SplitDataModule --data.train posts.csv --data.test unlabelled.csv", "stance"),
    ),
    # Checkpoints
    *_training(
        ("test --data data.yaml", "test needs a trained model"),
        ("test --data data.yaml --ckpt_path posts.csv", "posts.csv cannot be used"),
        ("test --data data.yaml --ckpt_path cut.ckpt", "cut.ckpt cannot be used"),
        ("test --data data.yaml --ckpt_path flipped.ckpt", "not as it was written"),
        (f"test --data data.yaml --ckpt_path {CKPT} --classifier Hybrid", "--classifier", "contradicts"),
        (f"test --data data.yaml --ckpt_path {CKPT} --model.pooling mean", "--model.pooling mean contradicts"),
        (f"test --data data.yaml --ckpt_path {CKPT} --data.max_length 32", "--data.max_length 32 contradicts"),
        (
            f"fit {TRAIN} --trainer.logger.init_args.save_dir . --trainer.logger.init_args.name '' "
            "--trainer.logger.init_args.version run",
            "run already holds a run (finished)",
        ),
        ("predict --data SplitDataModule --data.predict posts.csv", "predict needs a trained model"),
        ("predict nowhere posts.csv --output out.csv", "there is no model nowhere", "a run folder"),
        ("predict run posts.csv --output out.csv --device gpu", "device 'gpu' cannot be used", "cuda"),
        ("predict run posts.csv --output out.csv --columns '{text: post}'", "no column 'post' for text"),
        ("predict run posts.csv --output out.csv --merge true", "there are no shards of out.csv"),
        (f"predict {CKPT} empty_cell.csv --output out.csv", "empty_cell.csv:3", "the text is empty"),
        (f"ablate {CKPT} --output ablated --data nowhere.yaml", "nowhere.yaml does not exist"),
        ("export nowhere out", "nowhere does not exist"),
        ("export encoder out", "encoder is a folder"),
        ("export cut.ckpt out", "cut.ckpt", "cut short"),
        ("export flipped.ckpt out", "flipped.ckpt", "damaged"),
        (f"export {CKPT} out --with_graph true", "no corpus that gatbert tag tagged"),
        (f"export {CKPT} out --push_to_hub a/b/c", "a/b/c", "no name of a repository"),
    ),
    # Reports and grids
    *_light(
        ("report nowhere", "no run in nowhere"),
        ("report run --score f1", "--score f1", "macro_f1"),
        ("report run --split dev", "--split dev"),
        ("report run --output posts.csv", "posts.csv"),
        ("report posts.csv", "posts.csv"),
        ("report compared --compare Hybrid", "--compare 'Hybrid'", "FIRST:SECOND"),
        ("report compared --compare Hybrid:Text,", "'' is no comparison"),
        ("report compared --compare Hybrid:Nobody", "'Nobody' names no group", "HybridClassifier, TextClassifier"),
        ("report compared --compare Hybrid:Hybrid", "compares HybridClassifier with itself"),
        ("report compared --compare Hybrid:Text,Text:Hybrid", "compares TextClassifier with HybridClassifier twice"),
        ("report run --markdown posts.csv", "'posts.csv' names no section of a file", "FILE#SECTION"),
        ("report run --markdown posts.csv#vast", "posts.csv has no section vast", "<!-- end of vast -->"),
        ("report run --markdown nowhere.md#vast", "nowhere.md cannot be read"),
        ("report run --abstain_below 60", "--abstain_below 60", "0 to 1"),
        ("report run --predictions posts.csv", "'posts.csv'", "give NAME=FILE"),
        ("report run --predictions GPT=nowhere.csv", "nowhere.csv does not exist"),
        (
            "report compared --predictions GPT=posts.csv",
            "posts.csv has no column of predictions",
            "{predicted: COLUMN}",
        ),
        ("report run --predictions GPT=posts.csv --columns '{stance: label}'", "'stance'", "no field", "predicted"),
        ("report", "RUNS must be given"),
        ("app", "MODELS must be given"),
        ("app one.ckpt two.ckpt three.ckpt", "3 models are given", "one, or two"),
        (f"app {CKPT} --port 70000", "--port 70000 is not accepted", "1 to 65535"),
        (f"app {CKPT} --host 192.0.2.1", "no address of this machine"),
        (f"app {CKPT} --max_rows 0", "--max_rows 0 is not accepted"),
        (f"app {CKPT} --max_characters -1", "--max_characters -1 is not accepted"),
        ("export", "RUN, OUTPUT must be given"),
        ("export run posts.csv", "posts.csv exists already"),
        ("export run graph", "graph exists already"),
        ("export run out --public true", "give --push_to_hub"),
        ("export run out --graph graph", "give --with_graph true"),
        ("export run out --onnx maybe", "--onnx maybe", "true or false"),
        ("export run out --license 'my own'", "--license 'my own' is no name"),
        ("ablate", "the first argument must be a checkpoint"),
        ("ablate --output out", "the first argument must be a checkpoint"),
        ("ablate nowhere.ckpt --output run", "run exists already"),
        ("ablate nowhere.ckpt --output out --negligible 2", "--negligible 2.0 is not accepted", "0 to 1"),
        ("ablate nowhere.ckpt --output out --negligible little", "--negligible little", "a number"),
        (f"explain {CKPT} --output out --max_samples 0", "--max_samples 0"),
        ("predict run posts.csv", "--output must be given"),
        ("predict run", "FILE", "must be given"),
        ("predict run nowhere.csv --output out.csv", "nowhere.csv does not exist"),
        ("predict run . --output out.csv", "its ending tells no format"),
        ("predict run posts.csv --output out.xlsx", "out.xlsx: its ending tells no format", ".jsonl, .parquet"),
        ("predict run posts.csv --output posts.csv", "posts.csv exists already"),
        ("predict run posts.csv --output posts.csv/out.csv", "posts.csv is none"),
        ("predict run posts.csv --output out.csv --batch_size 0", "--batch_size 0 is not accepted", "at least 1"),
        ("predict run posts.csv --output out.csv --abstain_below 60", "--abstain_below 60", "0 to 1"),
        ("predict run posts.csv --output out.csv --shard 9/8", "shard '9/8' is none"),
        ("predict run posts.csv --output out.csv --columns '{txt: post}'", "'txt'", "did you mean text"),
        ("predict run posts.csv --output out.csv --delimiter ::", "delimiter '::'"),
        ("predict run posts.csv --output out.csv --encoding utf9", "'utf9' is not known"),
        ("predict run posts.csv --output out.csv --corpus_type xml", "--corpus_type xml", "jsonl"),
        ("predict run posts.csv --output out.csv --data nowhere.yaml", "nowhere.yaml"),
        ("predict run posts.csv --output out.csv --background_file nowhere.jsonl", "nowhere.jsonl does not exist"),
        ("predict run posts.csv --output out.csv --tarket zoo", "no argument --tarket", "--target"),
        (f"explain {CKPT} --output posts.csv/out", "posts.csv"),
        ("multi_run --seeds 1,2 --output out", "the runs have no arguments"),
        (f"multi_run --seeds 1,x --output out -- {TRAIN}", "'x' is no seed"),
        (f"multi_run --seeds 1,1 --output out -- {TRAIN}", "twice"),
        (f"multi_run --classifier Txt --output out -- {TRAIN}", "'Txt'"),
        (f"multi_run --set a=nowhere.yaml --output out -- {TRAIN}", "nowhere.yaml"),
        (f"multi_run --output posts.csv -- {TRAIN}", "posts.csv"),
        (f"multi_run --seeds 1 --output out -- {TRAIN} --seed_everything 3", "--seed_everything"),
        (f"multi_run --output out --task 1 -- {TRAIN}", "no grid"),
        (f"multi_run --folds 1 --output out -- {TRAIN}", "--folds 1 is not accepted", "at least 2"),
        (f"multi_run --folds many --output out -- {TRAIN}", "--folds many", "a whole number"),
        (f"multi_run --folds 2 --output out -- {TRAIN} --data.fold 1", "--data.fold cannot stand after the --"),
        (f"search --output out --trials 2 -- {TRAIN}", "--space must be given"),
        ("search --output out --trials 2 --space data.yaml", "the runs have no arguments"),
        (f"search --output out --trials 2 --space nowhere.yaml -- {TRAIN}", "there is no file nowhere.yaml"),
        (f"search --output out --trials 2 --space data.yaml -- {TRAIN}", "data.yaml: class_path", "neither a range"),
        (f"search --output out --trials none --space data.yaml -- {TRAIN}", "--trials none", "a whole number"),
        (f"search --output out --trials 2 --sampler grid --space data.yaml -- {TRAIN}", "one of tpe, random"),
        (f"search --output posts.csv --trials 2 --space data.yaml -- {TRAIN}", "posts.csv"),
    ),
    # Graphs
    *_light(
        (BUILD, "no source is given"),
        (f"{BUILD} --triples nowhere.tsv", "nowhere.tsv does not exist"),
        (f"{BUILD} --triples posts.csv", "posts.csv"),
        (f"{BUILD} --triples triples.tsv --triples_columns '[head, tail]'", "lacks relation"),
        (f"{BUILD} --triples triples.tsv --triples_columns '[tail, relation, head, weight]'", "triples.tsv:1"),
        (f"{BUILD} --triples triples.tsv --languages xx --min_weight 9", "no assertion"),
        (f"{BUILD} --triples triples.tsv --languages en,xx", "no concept in xx"),
        (f"{BUILD} --triples triples.tsv --memory_limit much", "memory_limit"),
        (f"{BUILD} --triples triples.tsv --threads 0", "threads 0"),
        (f"{BUILD} --conceptnet posts.csv", "posts.csv"),
        (f"{BUILD} --wordnet .", "missing"),
        (f"{BUILD} --aliases maybe --triples triples.tsv", "--aliases maybe", "true or false"),
        (f"{BUILD} --wikidata5m nowhere", "folder nowhere does not exist"),
        (f"{BUILD} --wikidata5m posts.csv", "folder posts.csv does not exist"),
        (f"{BUILD} --wikidata5m encoder", "wikidata5m_all_triplet.txt", "is missing in", "unpacked"),
        (f"{BUILD} --wikidata5m no_aliases", "wikidata5m_entity.txt is missing", "wikidata5m_alias.tar.gz"),
        (f"{BUILD} --wikidata5m wrong_columns", "wikidata5m_all_triplet.txt:1", "Q22686<TAB>P39<TAB>Q11696"),
        (f"{BUILD} --wikidata5m empty_names", "wikidata5m_entity.txt: the file is empty"),
        (f"{BUILD} --wikidata5m wikidata5m --wikidata5m_keep nowhere.csv", "nowhere.csv does not exist"),
        (f"{BUILD} --wikidata5m wikidata5m --wikidata5m_keep nobody.txt", "none of its 1 phrases is a name"),
        (f"{BUILD} --wikidata5m wikidata5m --wikidata5m_keep empty.txt", "empty.txt: the file has no phrase"),
        (f"{BUILD} --wikidata5m wikidata5m --wikidata5m_keep run", "run: no phrases are read"),
        (f"{BUILD} --wikidata5m_keep posts.csv --triples triples.tsv", "wikidata5m_keep limits wikidata5m"),
        (f"{BUILD} --causenet nowhere.jsonl", "nowhere.jsonl does not exist"),
        (f"{BUILD} --causenet posts.csv", "posts.csv:1: no causal relation"),
        (f"{BUILD} --causenet wrong.jsonl", "wrong.jsonl:2: no causal relation"),
        (f"{BUILD} --causenet empty.txt", "empty.txt: the file is empty"),
        (f"{BUILD} --causenet cut.jsonl.bz2", "cut.jsonl.bz2:", "bzip2 file is cut short"),
        (f"{BUILD} --kgtk nowhere.tsv", "nowhere.tsv does not exist"),
        (f"{BUILD} --kgtk triples.tsv", "triples.tsv:1: no column node1"),
        (f"{BUILD} --kgtk empty.txt", "empty.txt:1: no column node1"),
        ("build_graph --output graph --triples triples.tsv", "graph exists already"),
        ("tag --output out --train posts.csv", "no graph is given"),
        ("tag --graph nowhere --output out --train posts.csv", "nowhere is no knowledge graph"),
        (f"{TAG} --train posts.csv --vocabulary train", "vocabulary train", "all samples are training samples"),
        (TAG, "no corpus file is given"),
        (f"{TAG} --train 'no*.csv'", "no file matches no*.csv"),
        (f"{TAG} --data data.yaml --corpus mine", "--corpus mine is none of data.yaml"),
        (f"{TAG} --files posts.csv", "files and split_column belong together"),
        (f"{TAG} --train nowhere.csv", "nowhere.csv"),
        (f"{TAG} --train posts.csv --max_concepts -3", "max_concepts -3"),
        (f"{TAG} --train posts.csv --hops -1", "hops -1"),
        (f"{TAG} --train posts.csv --sampling all", "--sampling all", "bridge"),
        (f"{TAG} --train posts.csv --shard 5/4", "5/4"),
        (f"{TAG} --train posts.csv --val posts.csv", "leak", "posts.csv:2"),
        (f"{TAG} --train posts.csv --columns '{{text: body}}'", "no column 'body'"),
        ("tag --graph graph --output tagged --train posts.csv", "tagged exists already"),
        ("tag --output tagged --merge true", "tagged"),
        ("inspect_graph", "--concept"),
        ("inspect_graph --graph graph --concept nothing", "no concept 'nothing'"),
        ("inspect_graph --graph damaged --concept wind", "damaged"),
        ("inspect_graph --graph flipped --verify true", "flipped"),
        ("inspect_graph --corpus posts.csv", "posts.csv"),
        ("inspect_graph --corpus tagged/train.parquet --sample nobody", "no sample 'nobody'"),
        ("inspect_graph --graph graph --concept wind --max_edges 0", "max_edges 0"),
        ("inspect_graph --graph graph --concept wind --output picture.png", "picture.png", ".svg"),
        ("embed_graph --graph nowhere --output out", "nowhere is no knowledge graph"),
    ),
)


def make_workshop(folder: Path) -> None:
    """Fill the current folder with what careless commands are given: files, a graph, a tagged corpus and a run."""
    save_encoder(folder / "encoder")
    for name in ("Hybrid", "Text"):
        classifier = {"classifier": f"gatbert.stance_classifier.{name}Classifier"}
        write_run(folder / "compared" / name, settings=classifier)
    rows = corpus_rows(60)
    write_corpus(folder / "posts.csv", rows)
    write_corpus(folder / "two_stances.csv", [row for row in rows if row["stance"] != "neutral"])
    write_corpus(folder / "unlabelled.csv", [{**row, "stance": "", "text": row["text"] + " why"} for row in rows])
    text = (folder / "posts.csv").read_text()
    (folder / "semicolons.csv").write_text(text.replace(",", ";"))
    (folder / "utf16.csv").write_text(text, encoding="utf-16")
    with (folder / "twice.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["text", "target", "stance", "text"], ["a", "b", "favor", "c"]])
    module = "class_path: {}DataModule\ninit_args:\n"
    shares = "  partitions: {posts.csv: [0.6, 0.2, 0.2]}\n"
    texts = {
        "data.yaml": module.format("RandomSplit") + shares + "  batch_size: 8\n  max_length: 48\n",
        "wrong_value.yaml": module.format("RandomSplit") + shares + "  batch_size: many\n",
        "typo.yaml": module.format("Split") + "  trian: posts.csv\n",
        "lost.yaml": module.format("Split") + "  train: posts.csv\n  val: lost.csv\n",
        "indented.yaml": module.format("Split") + "  train: posts.csv\n   val: posts.csv\n",
        "list.yaml": "- posts.csv\n",
        "deep.yaml": "[" * 100_000,
        "bomb.yaml": "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{n}: &{n} [{', '.join([f'*{b}'] * 9)}]\n" for b, n in zip("abcdefgh", "bcdefghi", strict=True)),
        "alias.yaml": "a: &a [*a]\n",
        "triples.tsv": "Causes\twind\tnoise\nIsA\twind power\tpower\n",
        "empty.txt": "",
        "empty_cell.csv": "id,text,target\n1,good,zoo\n2,,zoo\n",
        "nobody.txt": "nobody at all\n",
        "wrong.jsonl": f"{causal('wind', 'noise')}\n{{}}\n",
    }
    for name, content in texts.items():
        (folder / name).write_text(content)
    write_wikidata5m(folder / "wikidata5m")
    write_wikidata5m(folder / "no_aliases", entities=None)
    write_wikidata5m(folder / "wrong_columns", triples="P31\tQ1\tQ2\n")
    write_wikidata5m(folder / "empty_names", entities="")
    (folder / "cut.jsonl.bz2").write_bytes(bz2.compress(causal("wind", "noise").encode())[:-8])
    (folder / "latin.yaml").write_bytes("a: caf\xe9\n".encode("latin-1"))


def finish_workshop(folder: Path) -> None:
    """Damage copies of what the commands of the workshop have made."""
    checkpoint = (folder / CKPT).read_bytes()
    (folder / "cut.ckpt").write_bytes(checkpoint[: len(checkpoint) // 2])
    (folder / "flipped.ckpt").write_bytes(_flipped(checkpoint))
    for name in ("damaged", "flipped"):
        (folder / name).mkdir()
        for path in (folder / "graph").iterdir():
            content = path.read_bytes()
            changed = {"damaged": content[:-8], "flipped": _flipped(content)}[name]
            (folder / name / path.name).write_bytes(changed if path.name == "weights.npy" else content)


MAKING = (
    f"fit {TRAIN} --trainer.logger.init_args.save_dir . --trainer.logger.init_args.name '' "
    "--trainer.logger.init_args.version run",
    "build_graph --output graph --triples triples.tsv",
    "tag --graph graph --output tagged --train posts.csv",
)
"""Commands that make the rest of the workshop."""


def state_of(folder: Path) -> dict[str, int]:
    """Return size and time of every file, to see that nothing was lost or half-written."""
    return {str(path): path.stat().st_size ^ path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def _without_cache(state: dict[str, int]) -> dict[str, int]:
    return {path: value for path, value in state.items() if not path.startswith(".cache")}


def _flipped(content: bytes) -> bytes:
    middle = len(content) - 3 if len(content) < 1000 else len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def _run(line: str, environment: dict[str, str]) -> tuple[int, float, str]:
    started = time.perf_counter()
    command = [sys.executable, "-m", "gatbert", *shlex.split(line)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return done.returncode, time.perf_counter() - started, done.stderr.strip()


def main(words: list[str]) -> int:
    """Run careless commands and print the table; fail unless each gets its sentence, changes nothing, and is quick."""
    repository = str(Path(__file__).parents[1])
    bad = 0
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        cache = {"XDG_CACHE_HOME": f"{name}/.cache", "HF_HUB_OFFLINE": "1"}
        environment = {**os.environ, **cache, "PYTHONPATH": repository, "OMP_NUM_THREADS": "1"}
        make_workshop(Path())
        for line in MAKING:
            status, _, error = _run(line, environment)
            if status != 0:
                raise RuntimeError(f"{line}: {error}")
        finish_workshop(Path())
        print("| # | status | s | command | sentence |\n|---|---|---|---|---|")  # noqa: T201
        chosen = [careless for careless in CARELESS if not words or any(word in careless.line for word in words)]
        for number, careless in enumerate(chosen, start=1):
            before = _without_cache(state_of(Path()))
            status, seconds, error = _run(careless.line, environment)
            sentence = (error.splitlines() or [""])[-1]
            whole = status == 2 and "Traceback" not in error and all(word in sentence for word in careless.words)
            kept = before == _without_cache(state_of(Path()))
            quick = careless.loads_torch or seconds < 2
            bad += not (whole and kept and quick)
            mark = "" if whole and kept and quick else " **BAD**"
            line = careless.line.replace(TRAIN, "TRAIN").replace("|", "\\|")
            print(f"| {number} | {status} | {seconds:.1f} | `{line}` | {sentence}{mark} |", flush=True)  # noqa: T201
        print(f"\n{len(chosen)} commands, {bad} bad; TRAIN is {TRAIN.replace(repository, '.')}")  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
