"""The server of the page: on one address, until Ctrl-C."""

import errno
import os
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gatbert.errors import UserError

if TYPE_CHECKING:  # Gradio takes seconds to import: mistakes in the arguments are told before
    from fastapi import FastAPI

FIRST_PORT, NUM_PORTS = 7860, 100
"""Ports of which the first that is free is taken where none is asked for."""

SECONDS_TO_CLOSE = 1


def listening(host: str, port: int | None) -> socket.socket:
    """Return a socket that is bound to an address.

    Args:
        host: Name or address of this machine.
        port: The port; ``None`` for the first that is free.

    Raises:
        UserError: If the host is not of this machine, or the port is in use or not allowed.
    """
    try:
        family, _, _, _, _ = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise UserError(f"--host {host!r} is not known; give a name or address of this machine") from error
    for number in range(FIRST_PORT, FIRST_PORT + NUM_PORTS) if port is None else [port]:
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, number))
            bound.listen()  # two may bind one port to reuse it, and only one may listen
            return bound
        except OSError as error:
            bound.close()
            if error.errno == errno.EADDRNOTAVAIL:
                raise UserError(f"--host {host!r} is no address of this machine; 127.0.0.1 always is") from error
            if port is not None:
                raise UserError(f"port {port} cannot be used ({error.strerror}); give another --port") from error
    raise UserError(f"the ports {FIRST_PORT} to {FIRST_PORT + NUM_PORTS - 1} are all in use; give --port")


def address(bound: socket.socket) -> str:
    """Return where a browser finds what is served at a socket."""
    host, port = bound.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def prepare(folder: str | Path) -> None:
    """Say to Gradio, before it is imported, where uploads are kept, and that nothing is told to anybody.

    Args:
        folder: A folder that goes with the page: others could read the common one, or own it.
    """
    os.environ["GRADIO_TEMP_DIR"] = str(Path(folder) / "uploads")
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"


def serve(application: "FastAPI", bound: socket.socket) -> None:
    """Serve a page at a socket until Ctrl-C, or until the process is told to end."""
    import uvicorn

    # As Ctrl-C does: otherwise the folder of the page would stay behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    config = uvicorn.Config(application, log_level="critical", timeout_graceful_shutdown=SECONDS_TO_CLOSE)
    with suppress(KeyboardInterrupt):  # which is how a page ends
        uvicorn.Server(config).run(sockets=[bound])
