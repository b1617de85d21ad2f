"""The stand-in for crates.io and peers beside the checkout, in a process of its own.

It plays a company's proxy that opens https connections. Give `environ` to vetflow, or to the real cargo-vet, and
every request of theirs is answered from a made-up network. In a process of its own it shares neither sockets nor
threads with the test; one process serves all tests of a run.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Collection, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Self

from vetflow.sources.endpoints import API, DOWNLOAD, INDEX

_SERVE = """
import functools, importlib.util, json, socketserver, sys, time
sys.dont_write_bytecode = True  # the folder may not be written to
spec = importlib.util.spec_from_file_location("standin", sys.argv[1])
standin = importlib.util.module_from_spec(spec)
spec.loader.exec_module(standin)
standin.crate_archive = functools.cache(standin.crate_archive)
socketserver.StreamRequestHandler.disable_nagle_algorithm = True
socketserver.TCPServer.request_queue_size = 128
class Distant(standin.StandIn):
    def answer(self, *request):
        time.sleep(self.delay)
        super().answer(*request)
servers = {}
def start(number, network, hosts, delay):
    server = servers[number] = Distant(network, set(hosts))
    server.delay = delay
    return server.env()
def log(number):
    entries = servers[number].log[:]
    servers[number].log.clear()
    return entries
def close(number):
    servers.pop(number).close()
for line in sys.stdin:
    name, *arguments = json.loads(line)
    print(json.dumps(globals()[name](*arguments)), flush=True)
"""
_USUAL_HOSTS = {*(url.split("/")[2] for url in (INDEX, API, DOWNLOAD)), "peer.example"}


class _Servers:
    """The process that serves all stand-ins of a test run: keys and certificates take a second to make."""

    def __init__(self, tool: str) -> None:
        command = [sys.executable, "-c", _SERVE, tool]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(self._end)

    def ask(self, *question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()


_servers = cache(_Servers)
_numbers = count()


class StandIn:
    """A running stand-in, ended by `close` or the end of a `with` statement.

    network: its `network` table, see the README of the recorded resolver scenarios. hosts: all that https is
    asked of. delay: the seconds each answer takes. environ: the variables that lead a program to it.
    """

    def __init__(self, shared: Path, network: Mapping[str, Any], hosts: Collection[str], *, delay: float = 0) -> None:
        self._servers = _servers(str(shared / "tools" / "standin.py"))
        self._number = next(_numbers)
        known = sorted({*hosts, *_USUAL_HOSTS})
        self.environ: dict[str, str] = self._servers.ask("start", self._number, network, known, delay)

    def requests(self) -> list[str]:
        """Return "STATUS URL" of every request since the last call, sorted: they are made side by side."""
        log: list[str] = self._servers.ask("log", self._number)
        return sorted(log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering."""
        self._servers.ask("close", self._number)
