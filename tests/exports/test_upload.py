"""What is sent to the hub, to whom, and what becomes of the folder where it cannot be."""

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.exports.upload import check_upload, upload


class Hub(BaseHTTPRequestHandler):
    """Answer as the hub does to what makes a repository and commits to it, and keep what was asked."""

    asked: list[tuple[str, str, bytes]]

    def do_POST(self) -> None:
        """Answer one request."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, self.headers["Authorization"], body))
        answer: dict[str, Any] = {"url": "http://127.0.0.1/me/model", "success": True}
        if "/preupload/" in self.path:
            files = json.loads(body)["files"]
            answer = {"files": [{"path": one["path"], "uploadMode": "regular", "shouldIgnore": False} for one in files]}
        elif "/commit/" in self.path:
            answer = {"commitUrl": "http://127.0.0.1/me/model/commit/abc", "commitOid": "abc", "success": True}
        self._answer(answer)

    def do_GET(self) -> None:
        """Say that a repository is empty."""
        self._answer({"id": "me/model", "sha": "abc", "siblings": []})

    def _answer(self, values: Any) -> None:
        content = json.dumps(values).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    """A hub on this machine."""
    handler = type("OwnHub", (Hub,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files."""
    (tmp_path / "out" / "graph").mkdir(parents=True)
    (tmp_path / "out" / "README.md").write_text("card")
    (tmp_path / "out" / "graph" / "a.npy").write_bytes(b"123")
    return tmp_path / "out"


@pytest.mark.parametrize("public", [False, True])
def test_a_folder_is_sent_as_it_is(hub: type[Hub], folder: Path, public: bool) -> None:
    upload(folder, "me/model", "hf_secret", public)
    assert {token for _, token, _ in hub.asked} == {"Bearer hf_secret"}
    (path, _, body), *_ = hub.asked
    assert path == "/api/repos/create"
    asked = json.loads(body)  # by one name or another, with the version of its library
    assert (asked.get("visibility") == "public" or asked.get("private") is False) == public
    (commit,) = [body for path, _, body in hub.asked if "/commit/" in path]
    lines = [json.loads(line) for line in commit.splitlines()]
    sent = {one["value"]["path"]: base64.b64decode(one["value"]["content"]) for one in lines if one["key"] == "file"}
    assert sent == {"README.md": b"card", "graph/a.npy": b"123"}


def test_without_network_the_folder_stays(folder: Path) -> None:
    with pytest.raises(UserError, match=r"was not sent to me/model .* hf upload me/model") as refused:
        upload(folder, "me/model", "hf_secret")
    assert "\n" not in str(refused.value)
    assert "hf_secret" not in str(refused.value)
    assert (folder / "README.md").read_text() == "card"


def test_a_token_and_a_name_are_needed_before_anything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with pytest.raises(UserError, match="HF_TOKEN, which is not set"):
        check_upload("me/model")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert check_upload("me/model") == "hf_secret"
    with pytest.raises(UserError, match="'a/b/c' is no name of a repository"):
        check_upload("a/b/c")
