"""Where the page is served: at this machine alone unless told otherwise, and each wrong address has its sentence."""

import os
from pathlib import Path

import pytest

from gatbert.app.server import FIRST_PORT, address, listening, prepare
from gatbert.errors import UserError

HOST = "127.0.0.1"


def test_without_a_port_the_first_free_one_is_taken() -> None:
    with listening(HOST, None) as first, listening(HOST, None) as second:
        ports = [bound.getsockname()[1] for bound in (first, second)]
        assert FIRST_PORT <= ports[0] < ports[1]
        assert address(first) == f"http://{HOST}:{ports[0]}"


def test_a_port_in_use_is_refused() -> None:
    with listening(HOST, None) as bound:
        port = bound.getsockname()[1]
        with pytest.raises(UserError, match=rf"port {port} cannot be used \(Address already in use\); give another"):
            listening(HOST, port)
    listening(HOST, port).close()


@pytest.mark.parametrize(
    ("host", "words"), [("192.0.2.1", "is no address of this machine"), ("no host", "is not known")]
)
def test_an_address_of_another_machine_is_refused(host: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        listening(host, None)


def test_an_address_of_six_parts_stands_in_brackets() -> None:
    try:
        bound = listening("::1", None)
    except UserError:
        pytest.skip("this machine has no IPv6")
    with bound:
        assert address(bound).startswith("http://[::1]:")


def test_uploads_lie_in_a_folder_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRADIO_TEMP_DIR", "GRADIO_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, "")
    prepare(tmp_path)
    assert Path(os.environ["GRADIO_TEMP_DIR"]).parent == tmp_path
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
