"""Upload weights to the Hugging Face Hub."""

import tempfile
from pathlib import Path

from ugatit.checkpoints.packaging import CARD_FILE, write_package
from ugatit.checkpoints.registry import HUB_ID
from ugatit.errors import WeightsError
from ugatit.models.base import TranslationModel
from ugatit.models.manifest import Manifest
from ugatit.models.titles import domains_title
from ugatit.text import one_line

LOGIN_ADVICE = "log in by `hf auth login`, or set HF_TOKEN to a token that may write"


def can_push_to_hub() -> bool:
    """Return whether the Hub client has a token, from the environment or from a login."""
    from huggingface_hub import get_token

    return get_token() is not None


def push_to_hub(
    model: TranslationModel,
    repo_id: str,
    *,
    manifest: Manifest | None = None,
    half: bool = True,
    private: bool = False,
    token: str | None = None,
) -> str:
    """Upload a model and its model card to `owner/name` in one commit and return the repository's URL.

    Creates the repository if it does not exist. Keeps an existing model card, because its owner may have edited it.

    manifest: metadata to upload; defaults to the model's own. half: store 16-bit floats.
    private: visibility of a new repository. token: replaces the token of the Hub client.
    Raises WeightsError for an invalid id, without a token, or if the Hub refuses.
    """
    from huggingface_hub import HfApi, get_token

    if not HUB_ID.fullmatch(repo_id):
        raise WeightsError(f"{one_line(repr(repo_id))} is no Hub id: it must read owner/name.")
    token = token or get_token()
    if not token:
        raise WeightsError(f"The Hub knows nobody here: {LOGIN_ADVICE}.")
    api = HfApi(token=token)
    with tempfile.TemporaryDirectory(prefix="ugatit-push-") as folder:
        write_package(Path(folder), model, repo_id, manifest, half)
        try:
            url = api.create_repo(repo_id, private=private, exist_ok=True)
            ignored = [CARD_FILE] if api.file_exists(repo_id, CARD_FILE) else None
            step = manifest.step if manifest else model.manifest.step if model.manifest else 0
            message = ", ".join(
                [model.name, domains_title(model.domains, model.targets), *([f"{step} steps"] if step else [])]
            )
            api.upload_folder(repo_id=repo_id, folder_path=folder, commit_message=message, ignore_patterns=ignored)
        # All errors of the Hub client are of these two types: no network, offline mode, no write access, invalid id.
        except (OSError, ValueError) as error:
            reason = one_line((str(error).strip().splitlines() or [type(error).__name__])[0])
            denied = getattr(getattr(error, "response", None), "status_code", None) in (401, 403)
            advice = f"{LOGIN_ADVICE} there" if denied else "mend that, or try again later"
            raise WeightsError(f"The Hub did not take {repo_id!r} ({reason}): {advice}.") from error
    return str(url)
