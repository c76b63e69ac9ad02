"""A hub of Hugging Face on this machine, with one model."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

COMMIT = "c0ffee" * 6 + "c0ff"


def _handler(name: str, folder: Path) -> type[BaseHTTPRequestHandler]:
    """Return what answers for a hub whose one model has the files of a folder."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Print nothing."""

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, with_body: bool) -> None:
            """Answer with what the hub knows of the model, with one of its files, or that there is none."""
            path = self.path.partition("?")[0]
            if path.startswith(f"/api/models/{name}/tree/"):
                tree = [
                    {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": COMMIT}
                    for file in folder.iterdir()
                ]
                body = json.dumps(tree).encode()
            elif path.startswith(f"/api/models/{name}"):
                files = [{"rfilename": file.name} for file in sorted(folder.iterdir())]
                body = json.dumps({"id": name, "sha": COMMIT, "siblings": files}).encode()
            elif path.startswith(f"/{name}/resolve/") and (folder / Path(path).name).is_file():
                body = (folder / Path(path).name).read_bytes()
            else:
                self.send_response(404)
                self.send_header("X-Error-Code", "RepoNotFound" if name not in path else "EntryNotFound")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.end_headers()
            if with_body:
                self.wfile.write(body)

    return Handler


@contextmanager
def serve_hub(name: str, folder: Path) -> Iterator[str]:
    """Serve the files of a folder as those of a model, and give the address of the hub."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(name, folder))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
