"""Weights onto the Hugging Face Hub, for those who are logged in there."""

import tempfile
from pathlib import Path

from ugatit.checkpoints.packaging import CARD_FILE, write_package
from ugatit.checkpoints.registry import HUB_ID
from ugatit.errors import WeightsError
from ugatit.models.base import TranslationModel
from ugatit.models.manifest import Manifest
from ugatit.text import one_line

LOG_IN = "log in by `hf auth login`, or set HF_TOKEN to a token that may write"


def can_push_to_hub() -> bool:
    """Whether a token or a login is at hand."""
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
    """Upload weights with their model card as one commit to `owner/name`, made if it is not there. Returns its address.

    manifest: what the weights say of themselves, the model's own if not given. half: 16-bit floats.
    private: of a repository that is new. token: instead of the one at hand. A card that is there already stays: its
    owner may have written in it. Raises WeightsError for an id that cannot be, without a login, or where the Hub
    refuses.
    """
    from huggingface_hub import HfApi, get_token

    if not HUB_ID.fullmatch(repo_id):
        raise WeightsError(f"{one_line(repr(repo_id))} is no Hub id: it must read owner/name.")
    token = token or get_token()
    if not token:
        raise WeightsError(f"The Hub knows nobody here: {LOG_IN}.")
    api = HfApi(token=token)
    with tempfile.TemporaryDirectory(prefix="ugatit-push-") as room:
        write_package(Path(room), model, repo_id, manifest, half)
        try:
            address = api.create_repo(repo_id, private=private, exist_ok=True)
            kept = [CARD_FILE] if api.file_exists(repo_id, CARD_FILE) else None
            step = manifest.step if manifest else model.manifest.step if model.manifest else 0
            message = f"{model.name}, {' ↔ '.join(model.domains)}" + (f", {step} steps" if step else "")
            api.upload_folder(repo_id=repo_id, folder_path=room, commit_message=message, ignore_patterns=kept)
        # The Hub's own errors are all of these two kinds: no net, offline mode, no right to write, a bad id.
        except (OSError, ValueError) as error:
            reason = one_line((str(error).strip().splitlines() or [type(error).__name__])[0])
            denied = getattr(getattr(error, "response", None), "status_code", None) in (401, 403)
            way_out = f"{LOG_IN} there" if denied else "mend that, or try again later"
            raise WeightsError(f"The Hub did not take {repo_id!r} ({reason}): {way_out}.") from error
    return str(address)
