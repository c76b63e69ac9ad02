"""Made corpora in the shapes of published ones, with the faults of real files; no text is anybody's.

Each has tweets or claims that stand in two splits, that contradict each other, and that are repeated; and byte order
marks, CRLF, non-breaking spaces, odd line separators and empty lines at the end.
"""

import csv
import io
import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.tiny import CUES, WORDS

Post = tuple[str, str]
"""A text and its stance."""

SIZES = {"train": 40, "val": 14, "test": 18}
PSTANCE_TARGETS = {"trump": "Donald Trump", "biden": "Joe Biden", "bernie": "Bernie Sanders"}
COVID19_TARGETS = ("fauci", "face_masks", "school_closures", "stay_at_home_orders")
TWEET_EVAL_LABELS = {"neutral": "0", "against": "1", "favor": "2"}
TWEET_EVAL_FOLDERS = ("abortion", "atheism", "climate", "feminist", "hillary")
IBM_COLUMNS = [
    "topicId", "split", "topicText", "topicTarget", "topicSentiment", "claims.claimId", "claims.stance",
    "claims.claimCorrectedText", "claims.claimOriginalText", "claims.article.rawFile", "claims.article.rawSpan.start",
    "claims.article.rawSpan.end", "claims.article.cleanFile", "claims.article.cleanSpan.start",
    "claims.article.cleanSpan.end", "claims.Compatible", "claims.claimTarget.text", "claims.claimTarget.span.start",
    "claims.claimTarget.span.end", "claims.claimSentiment", "claims.targetsRelation",
]  # fmt: skip


def made_posts(seed: int, stances: tuple[str, ...]) -> dict[str, list[Post]]:
    """Return posts of each split; a word gives their stance away. Some are in two splits, contradict or repeat."""
    draw = random.Random(seed)  # noqa: S311  (chance, not secrecy)
    posts: dict[str, list[Post]] = {}
    for split, size in SIZES.items():
        posts[split] = []
        for number in range(size):
            stance = stances[number % len(stances)]
            cue = draw.choice(CUES[stance].split())
            filler = " ".join(draw.choices(WORDS, k=draw.randint(2, 40)))
            posts[split].append((f'{cue} {filler}, "{split} {number}", {cue}', stance))
    train, val, test = posts.values()
    train[3] = (test[5][0].upper(), test[5][1])  # the same tweet, shouted
    train[7] = test[8]
    train[9] = val[2]
    val[4] = test[8]
    train[11] = (train[10][0], next(stance for stance in stances if stance != train[10][1]))
    train[13] = train[12]
    return posts


def write_pstance(folder: Path) -> Path:
    """Write nine CSV files with the columns Tweet, Target and Stance: with BOM, CRLF and non-breaking spaces."""
    folder.mkdir(parents=True)
    for seed, (name, target) in enumerate(PSTANCE_TARGETS.items()):
        for split, posts in made_posts(seed, ("favor", "against")).items():
            rows = [[text.replace(" ", "\u00a0", 1), target, stance.upper() + "\u00a0"] for text, stance in posts]
            content = _csv([["Tweet", "Target", "Stance"], *rows], "\r\n") + "\r\n\r\n"
            (folder / f"raw_{split}_{name}.csv").write_bytes(content.encode("utf-8-sig"))
    return folder


def write_ibm_claim_stance(folder: Path) -> Path:
    """Write one CSV file of 21 columns, one of which names the split."""
    folder.mkdir(parents=True)
    rows = [IBM_COLUMNS]
    labels = {"favor": "PRO", "against": "CON"}
    for topic in range(4):
        for split, posts in made_posts(topic, ("favor", "against")).items():
            for number, (text, stance) in enumerate(posts):
                values = {
                    "topicId": str(topic),
                    "split": "train" if split == "val" else split,
                    "topicText": f"This house would tax the zoo, {topic}",
                    "topicTarget": f"the zoo {topic}",
                    "topicSentiment": "-1",
                    "claims.claimId": f"{topic}{number:03d}",
                    "claims.stance": labels[stance],
                    "claims.claimCorrectedText": text,
                    "claims.claimOriginalText": f"{text} [1]\n",
                    "claims.Compatible": "yes",
                }
                rows.append([values.get(column, "0") for column in IBM_COLUMNS])
    file = folder / "claim_stance_dataset_v1.csv"
    file.write_bytes(_csv(rows, "\r\n").encode())
    return file


def write_tweet_eval(folder: Path) -> Path:
    """Write a file of texts and one of labels for each folder and split, with empty lines at the end of some."""
    for seed, name in enumerate(TWEET_EVAL_FOLDERS):
        (folder / name).mkdir(parents=True)
        for split, posts in made_posts(seed, ("favor", "against", "neutral")).items():
            texts = [f"@user {text.replace(' ', chr(0x2028), 1)} #SemST " for text, _ in posts]
            labels = [TWEET_EVAL_LABELS[stance] for _, stance in posts]
            end = "\r\n" if seed == 1 else "\n"
            encoding = "utf-8-sig" if seed == 2 else "utf-8"
            (folder / name / f"{split}_text.txt").write_bytes((end.join(texts) + end * 3).encode(encoding))
            (folder / name / f"{split}_labels.txt").write_bytes((end.join(labels) + end * (seed % 3)).encode(encoding))
    return folder


def write_covid19_stance(folder: Path) -> Path:
    """Write four CSV files of each split, and one of labels that nobody has checked, in which nothing is right."""
    folder.mkdir(parents=True)
    header = ["Tweet Id", "Target", "Stance", "Opinion Towards", "Sentiment", "Tweet"]
    labels = {"favor": "FAVOR", "against": "AGAINST", "neutral": "NONE"}
    for seed, target in enumerate(COVID19_TARGETS):
        for split, posts in made_posts(seed, ("favor", "against", "neutral")).items():
            rows = [
                [str(n), target, labels[stance], "1.  An opinion.", "neg", text]
                for n, (text, stance) in enumerate(posts)
            ]
            (folder / f"{target}_{split}.csv").write_text(_csv([header, *rows], "\n"), encoding="utf-8")
        (folder / f"{target}_train_noisy.csv").write_text("noise\n")
    return folder


def write_ibm_argq(folder: Path) -> Path:
    """Write one CSV file of seven columns, one of which names the split."""
    folder.mkdir(parents=True)
    rows = [["argument", "topic", "set", "WA", "MACE-P", "stance_WA", "stance_WA_conf"]]
    for topic in range(3):
        for split, posts in made_posts(topic, ("favor", "against")).items():
            name = "dev" if split == "val" else split
            numbers = {"favor": "1", "against": "-1"}
            rows += [[text, f"We should tax zoo {topic}", name, "0.8", "0.9", numbers[s], "1.0"] for text, s in posts]
    (folder / "arg_quality_rank_30k.csv").write_text(_csv(rows, "\n"), encoding="utf-8")
    return folder


def write_xstance(folder: Path) -> Path:
    """Write a file of JSON lines for each split; test alone says which part of it a row is of."""
    folder.mkdir(parents=True)
    for split, posts in made_posts(0, ("favor", "against")).items():
        rows = [
            {
                **{"id": f"{split}{number}", "language": "fr" if number % 4 == 0 else "de", "question_id": 3469},
                **{"question": "Soll der Zoo erhöht werden?", "comment": text, "label": stance.upper()},
                **{"numerical_label": 0, "author": "8aa8", "topic": "Foreign Policy"},
                **({"test_set": "new_comments_defr"} if split == "test" else {}),
            }
            for number, (text, stance) in enumerate(posts)
        ]
        name = "valid" if split == "val" else split
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return folder


def write_standard(folder: Path) -> Path:
    """Write a TSV file for each split."""
    folder.mkdir(parents=True)
    for split, posts in made_posts(0, ("favor", "against", "neutral")).items():
        rows = [["zoo", text, stance, "tri", "en"] for text, stance in posts]
        header = ["Target", "Context", "Stance", "StanceType", "Lang"]
        (folder / f"{split}.tsv").write_text(_csv([header, *rows], "\n", "\t"), encoding="utf-8")
    return folder


def write_mtcsd(folder: Path) -> Path:
    """Write the JSON lines that the recipe in its configuration makes."""
    folder.mkdir(parents=True)
    for split, posts in made_posts(0, ("favor", "against", "neutral")).items():
        names = {"neutral": "none"}
        rows = [
            {
                "id": f"{split}-{n}",
                "target": "Tesla",
                "stance": names.get(stance, stance),
                "text": text,
                "thread": "zoo",
            }
            for n, (text, stance) in enumerate(posts)
        ]
        name = "valid" if split == "val" else split
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def _csv(rows: list[list[str]], end: str, delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=end, delimiter=delimiter).writerows(rows)
    return text.getvalue()


WRITERS: Mapping[str, tuple[str, Callable[[Path], Path]]] = {
    "pstance": ("pstance", write_pstance),
    "ibm_claim_stance": ("ibm_claim_stance", write_ibm_claim_stance),
    "tweet_eval": ("tweeteval/datasets/stance", write_tweet_eval),
    "covid19_stance": ("covid19_stance", write_covid19_stance),
    "ibm_argq": ("ibm_argq", write_ibm_argq),
    "xstance": ("xstance", write_xstance),
    "standard": ("standard", write_standard),
    "mtcsd": ("mtcsd/data", write_mtcsd),
}
"""Where each lies in the folder of GATBERT_DATA, and what writes it."""
