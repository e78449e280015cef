"""The sandbox as a server of its own: `python -m avatars.sandbox --key KEY --folder DIR`."""

import argparse
import logging
import os
import signal
import socket
import struct
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from types import FrameType
from typing import NoReturn
from wsgiref.types import WSGIEnvironment

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import WSGITask

from . import Knobs, Sandbox

THREADS = 32  # a create sleeps in its thread, and so does a call that hangs on purpose
# Far above the sandbox's own limit, so that its 413 is what a client with a large photo reads.
MOST_BYTES = 50_000_000


class SocketLine:
    """What the faults need of a connection: to see it close, and to break it."""

    def __init__(self, channel: HTTPChannel) -> None:
        self._channel = channel

    def gone(self) -> bool:
        return not self._channel.connected

    def reset(self) -> NoReturn:
        """The client reads "connection reset by peer", not an orderly end."""
        at_once = struct.pack("ii", 1, 0)  # SO_LINGER for no time: closing sends RST (socket(7))
        if self._channel.socket:
            self._channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        raise ClientDisconnected


class Task(WSGITask):
    def get_environment(self) -> WSGIEnvironment:
        return {**super().get_environment(), "sandbox.line": SocketLine(self.channel)}


class Channel(HTTPChannel):
    task_class = Task


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    sandbox = Sandbox(
        options.folder, key=options.key, media_url=options.media_url, knobs=_knobs(options)
    )
    listener = socket.create_server((options.host, options.port))
    server = create_server(
        sandbox,
        sockets=[listener],
        threads=THREADS,
        max_request_body_size=MOST_BYTES,
        channel_request_lookahead=1,  # keeps an eye on the socket of a call that is under way
    )
    assert isinstance(server, BaseWSGIServer)  # one socket makes one server
    server.channel_class = Channel
    signal.signal(signal.SIGTERM, _stop)
    host, port = listener.getsockname()[:2]
    print(f"Sandbox listening on http://{host}:{port}", flush=True)
    server.run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m avatars.sandbox",
        description="A local stand-in for Anam's avatars API.",
        epilog="Every option can also come from the environment: --link-life is SANDBOX_LINK_LIFE.",
    )
    _add(parser, "host", "127.0.0.1", str)
    _add(parser, "port", 8100, int)
    _add(parser, "key", None, str)
    _add(parser, "folder", None, Path)
    _add(parser, "media_url", "", str)
    for knob in fields(Knobs):
        _add(parser, knob.name, knob.default, type(knob.default))
    return parser


def _add(parser: argparse.ArgumentParser, name: str, default: object, kind: type) -> None:
    given = os.environ.get(f"SANDBOX_{name.upper()}") or default
    flag = f"--{name.replace('_', '-')}"
    parser.add_argument(flag, type=kind, default=given, required=given is None)


def _knobs(options: argparse.Namespace) -> Knobs:
    try:
        return Knobs(**{knob.name: getattr(options, knob.name) for knob in fields(Knobs)})
    except ValueError as wrong:
        raise SystemExit(f"python -m avatars.sandbox: {wrong}") from wrong


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
