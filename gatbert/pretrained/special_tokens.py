"""The special tokens of a sentence pair, for tokenizers of decoders, which have none for it."""

from tokenizers import processors
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.errors import UserError


def ready_for_pairs(tokenizer: Tokenizer) -> Tokenizer:
    """Return a tokenizer after giving it what it lacks to make batches of sentence pairs.

    Decoders are trained on running text: their tokenizers put target and text together with nothing between them, end
    with the text, and have no padding. With ``</s>`` for the token that ends a text, a pair becomes
    ``target </s> text </s>``, as in Improving Language Understanding by Generative Pre-Training, Radford et al. 2018,
    after the token that begins a text where the tokenizer has put one there. Padding is on the right, as absolute
    positions are counted from the left.

    Raises:
        UserError: If the tokenizer has no token that ends a text.
    """
    tokenizer.padding_side = "right"
    special = tokenizer.get_special_tokens_mask(_pair_ids(tokenizer), already_has_special_tokens=True)
    if special[-1] == 1 and 1 in special[1:-1]:
        return tokenizer
    end = tokenizer.eos_token or tokenizer.sep_token or tokenizer.pad_token
    if end is None:
        raise UserError("the tokenizer has no token that ends a text (eos_token); give another pretrained_model")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = end
    begin = [tokenizer.bos_token] if special[0] == 1 else []
    backend = tokenizer.backend_tokenizer
    pair = processors.TemplateProcessing(
        single=[*begin, "$A", end],
        pair=[*begin, "$A", end, "$B", end],
        special_tokens=[(token, backend.token_to_id(token)) for token in {*begin, end}],
    )
    former = backend.post_processor
    keeps = isinstance(former, processors.ByteLevel)  # it counts characters, and adds no token
    backend.post_processor = processors.Sequence([former, pair]) if keeps else pair
    return tokenizer


def _pair_ids(tokenizer: Tokenizer) -> list[int]:
    ids: list[int] = tokenizer("a", "a")["input_ids"]
    return ids
