"""Tiny random encoders with their tokenizers, one a family, and tiny corpora: what tests run on."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

if TYPE_CHECKING:  # torch takes seconds to import, which the process that hands out the tests need not wait for
    from transformers import PreTrainedTokenizerFast

VOCABULARY = (
    "the a we they it is are not should must never always more less tax wind power school homework zoo animal cost "
    "price good bad fair unfair safe danger support oppose maybe love hate help harm climate child worker money why"
)
WORDS = VOCABULARY.split()

SPECIAL = {
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "mask_token": "[MASK]",
}
SIZES = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}

CONFIGS: dict[str, dict[str, Any]] = {
    "bert": {**SIZES, "max_position_embeddings": 64},
    "roberta": {**SIZES, "max_position_embeddings": 66, "pad_token_id": 3, "type_vocab_size": 1},
    "distilbert": {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32, "max_position_embeddings": 64},
    "deberta-v2": {
        **SIZES,
        "max_position_embeddings": 64,
        "relative_attention": True,
        "position_buckets": 8,
        "pos_att_type": ["p2c", "c2p"],
        "position_biased_input": False,
        "type_vocab_size": 0,
    },
    "modernbert": {**SIZES, "max_position_embeddings": 64, "reference_compile": False},
}
"""Families of encoders: BERT has token types, RoBERTa counts positions from the padding index on, DistilBERT takes no
token types at all, DeBERTa has relative positions, ModernBERT rotary ones and local layers."""


ENCODER_DECODERS: dict[str, dict[str, Any]] = {
    "bart": {
        **dict.fromkeys(("encoder_layers", "decoder_layers"), 2),
        **dict.fromkeys(("encoder_attention_heads", "decoder_attention_heads"), 2),
        **{"d_model": 16, "encoder_ffn_dim": 32, "decoder_ffn_dim": 32, "max_position_embeddings": 64},
    },
    "t5": {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_decoder_layers": 1, "num_heads": 2},
    "mt5": {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_decoder_layers": 1, "num_heads": 2},
}
"""Families of which the encoder alone is used."""

DECODERS: dict[str, dict[str, Any]] = {
    "gpt2": {"n_embd": 16, "n_layer": 2, "n_head": 2, "n_inner": 32, "n_positions": 64},
    "llama": {**SIZES, "num_key_value_heads": 1, "max_position_embeddings": 64},
    "qwen2": {**SIZES, "num_key_value_heads": 1, "max_position_embeddings": 64},
}
"""Families that read from left to right; GPT-2 has absolute positions, the others rotary ones."""


def wide_config(family: str) -> dict[str, Any]:
    """Return the configuration of a family whose sizes are all 64, as 4 bits need them."""
    config = {**CONFIGS, **ENCODER_DECODERS, **DECODERS}[family]
    wide = {name: 64 if value in (16, 32) else value for name, value in config.items()}
    return {**wide, "d_kv": 32} if "d_kv" in config else wide


def save_encoder(folder: Path, family: str = "bert", seed: int = 0, config: dict[str, Any] | None = None) -> str:
    """Save a random encoder of ``family`` with its tokenizer, and return the folder as a ``pretrained_model``."""
    import torch
    from transformers import AutoConfig, AutoModel

    decodes = family in DECODERS
    with_types = family in ("bert", "deberta-v2", "electra")
    tokenizer = decoder_tokenizer(family) if decodes else build_tokenizer(with_types)
    tokenizer.save_pretrained(folder)
    ids = {"bos_token_id": None, "eos_token_id": tokenizer.eos_token_id} if decodes else {}
    options = {
        **({"pad_token_id": tokenizer.pad_token_id} | ids),
        **(config or {**CONFIGS, **ENCODER_DECODERS, **DECODERS}[family]),
        "vocab_size": len(tokenizer),
    }
    if family == "modernbert":
        ids = {"bos": "cls", "eos": "sep", "cls": "cls", "sep": "sep"}
        options |= {
            f"{name}_token_id": tokenizer.convert_tokens_to_ids(SPECIAL[f"{t}_token"]) for name, t in ids.items()
        }
    torch.manual_seed(seed)
    AutoModel.from_config(AutoConfig.for_model(family, **options)).save_pretrained(folder)
    return str(folder)


def build_tokenizer(with_types: bool = True) -> "PreTrainedTokenizerFast":
    """Build a WordPiece tokenizer over ``WORDS`` and single letters, so that unknown words become several tokens."""
    from transformers import PreTrainedTokenizerFast

    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    pieces = [*SPECIAL.values(), *WORDS, *letters, *(f"##{letter}" for letter in letters), ".", ",", "!", "?"]
    vocabulary = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=SPECIAL["unk_token"]))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    second = 1 if with_types else 0
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair=f"[CLS] $A [SEP] $B:{second} [SEP]:{second}",
        special_tokens=[(SPECIAL[name], vocabulary[SPECIAL[name]]) for name in ("cls_token", "sep_token")],
    )
    inputs = ["input_ids", "token_type_ids", "attention_mask"] if with_types else ["input_ids", "attention_mask"]
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_input_names=inputs, model_max_length=64, **SPECIAL)


def decoder_tokenizer(family: str = "gpt2") -> "PreTrainedTokenizerFast":
    """Build a tokenizer as decoders have them: nothing between two texts, and padding on the left.

    Transformers builds Qwen2's from its family's class, over bytes; the others have no padding token.
    """
    from transformers import PreTrainedTokenizerFast, Qwen2Tokenizer

    if family == "qwen2":
        alphabet = {piece: number for number, piece in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
        return Qwen2Tokenizer(vocab=alphabet, merges=[], padding_side="left", model_max_length=64)
    backend = build_tokenizer(with_types=False).backend_tokenizer
    backend.post_processor = None
    inputs = ["input_ids", "attention_mask"]
    special = {"unk_token": "[UNK]", "eos_token": "[SEP]"}
    return PreTrainedTokenizerFast(
        tokenizer_object=backend, model_input_names=inputs, padding_side="left", model_max_length=64, **special
    )


CUES = {"against": "bad harm oppose never", "favor": "good help support always", "neutral": "maybe why is it"}


def corpus_rows(count: int, targets: tuple[str, ...] = ("wind power", "homework", "zoo")) -> list[dict[str, str]]:
    """Return ``count`` posts whose stance a word gives away, in turn over stances and targets."""
    rows = []
    for index in range(count):
        stance = tuple(CUES)[index % 3]
        cue = CUES[stance].split()[index // 3 % 4]
        filler = " ".join(WORDS[(index * step) % len(WORDS)] for step in range(1, 2 + index % 7))
        row = {"id": f"p{index}", "target": targets[index // 3 % len(targets)], "text": f"{cue} {filler} {cue}"}
        rows.append({**row, "stance": stance, "style": ("plain", "irony")[index % 2]})
    return rows


def write_corpus(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as a generic CSV corpus."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
