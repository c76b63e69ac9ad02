"""An export to the hub of Hugging Face, only when asked."""

import os
from pathlib import Path

from huggingface_hub import HfApi
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]  # documented, and not in its types

from gatbert.errors import UserError
from gatbert.pretrained.hub import first_line

TOKEN = "HF_TOKEN"  # noqa: S105  (the name of a variable)


def check_upload(repository: str) -> str:
    """Return the token, before anything is written.

    Args:
        repository: Where the export is to go.

    Raises:
        UserError: If there is no token, or the repository has no name that the hub takes.
    """
    try:
        validate_repo_id(repository)
    except HFValidationError as error:
        raise UserError(f"push_to_hub {repository!r} is no name of a repository ({first_line(error)})") from error
    if not (token := os.environ.get(TOKEN)):
        raise UserError(
            f"push_to_hub needs a token with the right to write in the environment variable {TOKEN}, which is not set"
        )
    return token


def upload(folder: Path, repository: str, token: str, public: bool = False) -> str:
    """Send a folder to the hub, and return where it is then; a repository that is there stays as public as it is.

    Args:
        folder: The folder, which stays as it is.
        repository: Name of the repository, which is made if it is not there.
        token: Token with the right to write.
        public: Whether a new repository can be read by everybody.

    Raises:
        UserError: If the hub cannot be reached, or refuses.
    """
    api = HfApi(token=token)
    try:
        created = api.create_repo(repository, private=not public, exist_ok=True)
        api.upload_folder(repo_id=repository, folder_path=folder, commit_message="Export of gatbert")
    except Exception as error:  # what its library for HTTP raises, of which it has had three
        raise UserError(
            f"the export was not sent to {repository} ({first_line(error)}); it is whole in {folder}: send it later "
            f"with hf upload {repository} {folder}"
        ) from error
    return str(created)
