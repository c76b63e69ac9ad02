"""What a checkpoint and a data module say of themselves, for results about them."""

from gatbert.data_modules import StanceDataModule
from gatbert.evaluation.subject import Subject
from gatbert.pretrained.checkpoints import Recipe


def subject_of(checkpoint: str, data: StanceDataModule, split: str) -> Subject:
    """Return what a result is about that a checkpoint gave on a split."""
    recipe = Recipe.read(checkpoint)
    files = data.corpus.files_of(split) or data.corpus.files()
    return Subject(
        checkpoint=checkpoint,
        classifier=recipe.classifier,
        encoder=recipe.pretrained_model,
        files={file: data.checksums[file] for file in files},
        corpus_type=data.corpus.corpus_type,
        split=split,
        transforms=data.transforms,
    )
