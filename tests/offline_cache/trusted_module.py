"""A TPM 2.0 of a test's own: swtpm, which is the reference implementation behind a socket."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tpm2_pytss import ESYS_TR, TPM2_ALG, TPML_DIGEST_VALUES, TPMT_HA, TPMU_HA
from tpm2_pytss.ESAPI import ESAPI


@contextmanager
def trusted_module(folder: Path) -> Iterator[str]:
    """The TCTI of a running one whose memory is in `folder`."""
    folder.mkdir(exist_ok=True)
    socket = folder / "socket"
    program = subprocess.Popen(
        ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={folder}", "--server", f"type=unixio,path={socket}",
         "--ctrl", f"type=unixio,path={socket}.ctrl", "--flags", "not-need-init,startup-clear"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 10
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        yield f"swtpm:path={socket}"
    finally:
        program.terminate()
        program.wait(10)


def measure(tcti: str, register: int) -> None:
    """What another boot loader would do: something else is measured into a register."""
    with ESAPI(tcti) as tpm:
        digest = TPMT_HA(hashAlg=TPM2_ALG.SHA256, digest=TPMU_HA(sha256=b"\1" * 32))
        tpm.pcr_extend(ESYS_TR(register), TPML_DIGEST_VALUES([digest]))


def clear(tcti: str) -> None:
    """What "clear the security chip" in a firmware's menu does."""
    with ESAPI(tcti) as tpm:
        tpm.clear(ESYS_TR.PLATFORM)
