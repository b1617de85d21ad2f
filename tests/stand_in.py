"""The stand-in for crates.io and peers beside the checkout, in a process of its own.

It plays a company's proxy that opens https connections. Give `environ` to vetflow, or to the real cargo-vet, and
every request of theirs is answered from a made-up network. In a process of its own it shares neither sockets nor
threads with the test.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Self

_SERVE = """
import functools, importlib.util, json, socketserver, sys, time
sys.dont_write_bytecode = True  # the folder may not be written to
ask = json.loads(sys.stdin.readline())
spec = importlib.util.spec_from_file_location("standin", ask["tool"])
standin = importlib.util.module_from_spec(spec)
spec.loader.exec_module(standin)
standin.crate_archive = functools.cache(standin.crate_archive)
socketserver.StreamRequestHandler.disable_nagle_algorithm = True
socketserver.TCPServer.request_queue_size = 128
class Distant(standin.StandIn):
    def answer(self, *request):
        time.sleep(ask["delay"])
        super().answer(*request)
server = Distant(ask["network"], set(ask["hosts"]))
print(json.dumps(server.env()), flush=True)
for _ in sys.stdin:
    print(json.dumps(server.log), flush=True)
    server.log.clear()
server.close()
"""


class StandIn:
    """A running stand-in, ended by `close` or the end of a `with` statement.

    network: its `network` table, see the README of the recorded resolver scenarios. hosts: all that https is
    asked of. delay: the seconds each answer takes. environ: the variables that lead a program to it.
    """

    def __init__(self, shared: Path, network: Mapping[str, Any], hosts: Collection[str], *, delay: float = 0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        tool = str(shared / "tools" / "standin.py")
        self.environ: dict[str, str] = self._ask(
            {"tool": tool, "network": network, "hosts": sorted(hosts), "delay": delay}
        )

    def _ask(self, question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def requests(self) -> list[str]:
        """Return "STATUS URL" of every request since the last call, sorted: they are made side by side."""
        log: list[str] = self._ask("log")
        return sorted(log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=30)
