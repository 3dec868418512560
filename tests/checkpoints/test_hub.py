"""Uploading weights to a fake Hub: the files it receives, and the errors if it refuses."""

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import ROOT, environment, tiny_config, tiny_model
from ugatit.checkpoints.hub import can_push_to_hub, push_to_hub
from ugatit.checkpoints.packaging import CARD_FILE
from ugatit.checkpoints.store import CONFIG_FILE, WEIGHTS_FILE, load_weights, save_weights
from ugatit.errors import WeightsError
from ugatit.models.manifest import Manifest

PUSH = """
import sys
from ugatit import TranslationError, load_model

model = load_model(sys.argv[1], "cpu")
try:
    print(model.push_to_hub("jane/discs", private=True))
except TranslationError as error:
    print(error)
"""


class FakeHub(BaseHTTPRequestHandler):
    """Answers the requests that create a repository and commit small files."""

    server: "Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.tokens.add(self.headers.get("Authorization"))
        if self.server.refuses:
            self.answer(403, {"error": "Forbidden: this token only reads"})
        elif self.path == "/api/repos/create":
            self.server.created = json.loads(body)
            self.answer(200, {"url": f"{self.server.address}/jane/discs"})
        elif self.path == "/api/validate-yaml":
            self.answer(200, {"errors": [], "warnings": []})
        elif self.path == "/api/models/jane/discs/preupload/main":
            files = [
                {"path": file["path"], "uploadMode": "regular", "shouldIgnore": False}
                for file in json.loads(body)["files"]
            ]
            self.answer(200, {"files": files})
        elif self.path == "/api/models/jane/discs/commit/main":
            for line in map(json.loads, body.decode().splitlines()):
                if line["key"] == "file":
                    self.server.files[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
            answer = {"commitUrl": f"{self.server.address}/jane/discs/commit/0", "commitOid": "0" * 40}
            self.answer(200, {**answer, "success": True})
        else:
            self.answer(404, {"error": f"unexpected {self.path}"})

    def do_GET(self) -> None:
        self.answer(200, {"id": "jane/discs", "siblings": [], "sha": "0" * 40})

    def do_HEAD(self) -> None:
        if self.server.has_card and self.path == f"/jane/discs/resolve/main/{CARD_FILE}":
            self.send_response(200)
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("ETag", '"1"')
            self.send_header("Content-Length", "1")
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "EntryNotFound")
        self.end_headers()

    def answer(self, status: int, values: dict[str, Any]) -> None:
        body = json.dumps(values).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Print no requests to the terminal."""


class Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), FakeHub)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.refuses = self.has_card = False
        self.created: dict[str, Any] = {}
        self.files: dict[str, bytes] = {}
        self.tokens: set[str | None] = set()


@pytest.fixture
def hub() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    save_weights(folder, tiny_model(), Manifest("ugatit", tiny_config().to_dict(), step=70, title="disc ↔ square"))
    return folder


def push_from(weights: Path, hub: Server, home: Path) -> str:
    """Push in a new process, because the Hub client reads the server's address on import."""
    environ = {name: value for name, value in environment().items() if name != "HF_HUB_OFFLINE"}
    environ |= {"HF_ENDPOINT": hub.address, "HF_TOKEN": "hf_secret", "HF_HOME": str(home), "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-c", PUSH, str(weights)],
        env=environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_pushed_weights_arrive_with_their_card(hub: Server, weights: Path, tmp_path: Path) -> None:
    assert push_from(weights, hub, tmp_path) == f"{hub.address}/jane/discs"
    assert hub.tokens == {"Bearer hf_secret"}
    assert hub.created["name"] == "discs"
    assert hub.created["organization"] == "jane"
    assert hub.created.get("private") or hub.created.get("visibility") == "private"
    assert set(hub.files) == {CARD_FILE, CONFIG_FILE, WEIGHTS_FILE}
    assert 'load_translator("jane/discs")' in hub.files[CARD_FILE].decode()
    received = tmp_path / "received"
    received.mkdir()
    for name, data in hub.files.items():
        (received / name).write_bytes(data)
    assert load_weights(received).manifest == load_weights(weights).manifest


def test_existing_card_is_kept(hub: Server, weights: Path, tmp_path: Path) -> None:
    hub.has_card = True
    push_from(weights, hub, tmp_path)
    assert set(hub.files) == {CONFIG_FILE, WEIGHTS_FILE}


def test_refusal_of_the_hub_is_one_line_with_advice(hub: Server, weights: Path, tmp_path: Path) -> None:
    hub.refuses = True
    message = push_from(weights, hub, tmp_path)
    assert message.startswith("The Hub did not take 'jane/discs' (")
    assert "hf auth login" in message
    assert "\n" not in message
    assert hub.files == {}


def test_push_without_a_login_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    assert not can_push_to_hub()
    with pytest.raises(WeightsError, match="log in by `hf auth login`, or set HF_TOKEN"):
        tiny_model().push_to_hub("jane/discs")


@pytest.mark.parametrize("name", ["discs", "a/b/c", "", "../x", "jane/di scs", "jane/\n"])
def test_invalid_hub_id_is_refused(name: str) -> None:
    with pytest.raises(WeightsError, match="no Hub id: it must read owner/name"):
        push_to_hub(tiny_model(), name, token="hf_secret")


def test_offline_hub_is_reported() -> None:
    with pytest.raises(WeightsError, match=r"The Hub did not take 'jane/discs' \(.*offline"):
        push_to_hub(tiny_model(), "jane/discs", token="hf_secret")
