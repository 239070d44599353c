"""Running the platform: the application and nginx as two children that live and end together."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy.exc import OperationalError

from fleet.app import DATA_VARIABLE
from fleet.data_folder import DataFolder
from fleet.errors import ServeFailed
from fleet.identity.forgetting import forget
from fleet.nginx import PROGRAMS, write_configuration
from fleet.platform import Platform

#: A cold start on a busy machine takes 3 s.
READY_SECONDS = 40.0
#: How long children may take to end their requests before they are killed.
END_SECONDS = 10.0
#: The timestamp holds for 7 days; four signatures a day leave room for a long power cut.
UPKEEP_SECONDS = 6 * 3600.0
#: A citizen who walked away in the middle of a login is forgotten this long after the code ran out.
FORGET_SECONDS = 20.0
_PR_SET_PDEATHSIG = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Addresses:
    """Where the running platform is."""

    url: str
    operator_url: str


class Served:
    """The platform while it runs. `start` returns once it answers; `watch` until it is told to end."""

    def __init__(self, folder: DataFolder, port: int, operator_port: int) -> None:
        self._folder = folder
        self._platform = Platform(folder)
        _ = self._platform.connectors  # what is wrong in connectors.toml is said before anything starts
        self._ports = (port, operator_port)
        self._run = Path(tempfile.mkdtemp(prefix="kiosk-fleet-"))  # 0700, and short enough for a Unix socket
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._ending = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_end)

    def start(self) -> Addresses:
        """Start both children. Raises ServeFailed when one does not come up."""
        program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
        if program is None:
            raise ServeFailed("nginx is not installed; on Debian: apt install nginx-light")
        self._keep_up()
        application = self._run / "app.sock"
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "fleet.app:create_app",
            "--factory",
            "--uds",
            str(application),
        ]
        environment = {**os.environ, DATA_VARIABLE: str(self._folder.root.resolve())}
        self._spawn("application", [*command, "--no-access-log", "--log-level", "warning"], environment)
        self._wait("application", lambda: _answers(application))
        public, operator = (_listen(port) for port in self._ports)
        configuration = write_configuration(
            self._folder, application, public.getsockname()[1], operator.getsockname()[1]
        )
        # nginx takes listening sockets over by this variable, as when it replaces its own program:
        # the ports are ours from the first moment, and port 0 needs no guess.
        handles = [public.fileno(), operator.fileno()]
        environment = {**os.environ, "NGINX": "".join(f"{handle};" for handle in handles)}
        arguments = [program, "-c", str(configuration), "-e", str(self._folder.nginx.resolve() / "error.log")]
        self._spawn("nginx", arguments, environment, handles)
        addresses = Addresses(
            f"https://localhost:{public.getsockname()[1]}", f"http://127.0.0.1:{operator.getsockname()[1]}"
        )
        public.close()
        operator.close()
        context = ssl.create_default_context(cafile=self._folder.ca_certificate)
        self._wait("nginx", lambda: _fetches(f"{addresses.url}/.well-known/est/cacerts", context))
        return addresses

    def watch(self) -> None:
        """Stay until SIGTERM or SIGINT. Raises ServeFailed when a child ends by itself."""
        kept_up = forgot = time.monotonic()
        while not self._ending:
            self._look_after_children()
            if time.monotonic() - forgot > FORGET_SECONDS:
                self._forget()
                forgot = time.monotonic()
            if time.monotonic() - kept_up > UPKEEP_SECONDS:
                self._keep_up()
                kept_up = time.monotonic()
            time.sleep(0.2)

    def end(self) -> None:
        """End both children, and what a child that died left behind, and wait for them."""
        for name in ("nginx", "application"):
            if name in self._children:
                _end_group(self._children[name])
        self._platform.close()
        shutil.rmtree(self._run, ignore_errors=True)

    def _forget(self) -> None:
        try:
            forget(self._platform.database, datetime.now(UTC))
        except OperationalError:  # somebody else writes for long; the next round comes soon
            _log.warning("the database was busy; people are forgotten %.0f s later", FORGET_SECONDS)

    def _keep_up(self) -> None:
        now = datetime.now(UTC)
        self._platform.repository.renew(now)
        self._platform.uploads.remove_abandoned(now)
        self._platform.documents.remove_old(now)
        forget(self._platform.database, now)

    def _spawn(
        self, name: str, command: list[str], environment: dict[str, str], handles: list[int] | None = None
    ) -> None:
        for handle in handles or []:
            os.set_inheritable(handle, True)
        self._children[name] = subprocess.Popen(
            command,
            env=environment,
            pass_fds=handles or (),
            stdout=sys.stderr,
            start_new_session=True,  # a group of its own: nginx's workers are ended with it
            preexec_fn=_end_with_parent,
        )

    def _wait(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not ready():
            self._look_after_children()
            if self._ending:
                raise ServeFailed("told to end before it was ready")
            if time.monotonic() > deadline:
                raise ServeFailed(f"{name} does not answer after {READY_SECONDS:.0f} s")
            time.sleep(0.05)

    def _look_after_children(self) -> None:
        for name, child in self._children.items():
            if child.poll() is not None:
                log = self._folder.nginx / "error.log"
                raise ServeFailed(f"{name} ended with {child.returncode}; see its last lines above or {log}")

    def _told_to_end(self, _number: int, _frame: FrameType | None) -> None:
        self._ending = True


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        raise ServeFailed(f"port {port} cannot be used: {error.strerror}; choose another with --port") from None
    listener.listen(511)
    return listener


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _fetches(url: str, context: ssl.SSLContext) -> bool:
    try:
        with urlopen(url, timeout=5, context=context) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """End the child's whole group: the workers of an nginx that was killed would keep its port."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _end_with_parent() -> None:
    """In the child: be told to end when the parent dies, however it dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
