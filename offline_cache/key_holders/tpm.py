"""A key in the non-volatile memory of the machine's TPM 2.0 (TCG TPM 2.0 Library, part 3, chapter 31).

Not a sealed file: bytes the TPM overwrites are gone, those a flash disk overwrites may not be. To read the key one
needs this TPM, an authorisation value that lies only on this disk (`tpm.<generation>.json`), and, where registers
(PCRs) were named, the machine started as it was when the key was made. It crosses the bus encrypted, salted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tpm2_pytss import (
    ESYS_TR,
    TPM2_ALG,
    TPM2_SE,
    TPM2B_DIGEST,
    TPM2B_NV_PUBLIC,
    TPM2B_PUBLIC,
    TPM2B_SENSITIVE_CREATE,
    TPMA_NV,
    TPMA_OBJECT,
    TPMA_SESSION,
    TPML_PCR_SELECTION,
    TPMS_NV_PUBLIC,
    TPMT_SYM_DEF,
    TPMU_SYM_KEY_BITS,
    TPMU_SYM_MODE,
    TSS2_Exception,
)
from tpm2_pytss.ESAPI import ESAPI

from offline_cache.durable import remove_overwritten, write_private
from offline_cache.errors import KeyGone, KeyUnavailable
from offline_cache.key_holders.holder import KEY_BYTES

#: the owner's range of the TCG's registry of reserved handles begins at 0x01800000; this piece of it is ours
FIRST_INDEX, INDICES = 0x018B1A00, 256
#: what the kernel's resource manager is reached by
KERNEL = "device:/dev/tpmrm0"
#: TPM 2.0 part 2, table 17: a handle that names nothing, as parameter or handle 1
_NO_SUCH_HANDLE = (0x18B, 0x28B)
#: a policy that does not hold (TPM_RC_POLICY_FAIL) or a wrong authorisation value (TPM_RC_AUTH_FAIL, BAD_AUTH)
_POLICY_FAIL, _AUTH_FAIL, _BAD_AUTH = 0x09D, 0x08E, 0x0A2
_STORAGE_KEY = (
    TPMA_OBJECT.RESTRICTED | TPMA_OBJECT.DECRYPT | TPMA_OBJECT.FIXEDTPM | TPMA_OBJECT.FIXEDPARENT
    | TPMA_OBJECT.SENSITIVEDATAORIGIN | TPMA_OBJECT.USERWITHAUTH
)  # fmt: skip


class TpmHolder:
    """Indices of the TPM reached by `tcti`. A key that is made opens only while `pcrs` (SHA-256 bank) are as now."""

    name = "tpm"
    for_service = True

    def __init__(self, folder: Path, tcti: str = KERNEL, pcrs: tuple[int, ...] = ()) -> None:
        self._folder, self._tcti, self._pcrs = folder, tcti, pcrs

    def make(self, generation: int) -> bytes:
        """See KeyHolder."""
        key, auth = os.urandom(KEY_BYTES), os.urandom(KEY_BYTES)
        index = FIRST_INDEX + generation % INDICES
        about = {"tcti": self._tcti, "index": index, "auth": auth.hex(), "pcrs": list(self._pcrs)}
        with _opened(self._tcti) as tpm:
            _undefine(tpm, index)
            with _policy(tpm, TPM2_SE.TRIAL, self._pcrs) as trial:
                digest = tpm.policy_get_digest(trial)
            public = TPMS_NV_PUBLIC(
                nvIndex=index,
                nameAlg=TPM2_ALG.SHA256,
                attributes=TPMA_NV.POLICYREAD | TPMA_NV.POLICYWRITE | TPMA_NV.NO_DA,
                authPolicy=digest,
                dataSize=KEY_BYTES,
            )
            write_private(self._path(generation), json.dumps(about).encode())
            place = tpm.nv_define_space(auth, TPM2B_NV_PUBLIC(nvPublic=public))
            with _policy(tpm, TPM2_SE.POLICY, self._pcrs) as session:
                tpm.trsess_set_attributes(session, TPMA_SESSION.DECRYPT | TPMA_SESSION.CONTINUESESSION)
                tpm.nv_write(place, key, 0, auth_handle=place, session1=session)
        return key

    def load(self, generation: int) -> bytes:
        """See KeyHolder."""
        about = self._about(generation)
        with _opened(about["tcti"]) as tpm:
            try:
                place = tpm.tr_from_tpmpublic(about["index"])
            except TSS2_Exception as error:
                if error.rc in _NO_SUCH_HANDLE:
                    raise KeyGone("the TPM was cleared, or this is another machine's disk") from None
                raise
            tpm.tr_set_auth(place, bytes.fromhex(about["auth"]))
            with _policy(tpm, TPM2_SE.POLICY, about["pcrs"]) as session:
                tpm.trsess_set_attributes(session, TPMA_SESSION.ENCRYPT | TPMA_SESSION.CONTINUESESSION)
                return bytes(tpm.nv_read(place, KEY_BYTES, 0, auth_handle=place, session1=session))

    def destroy(self, generation: int) -> None:
        """See KeyHolder."""
        try:
            about = self._about(generation)
        except KeyGone:
            return
        with _opened(about["tcti"]) as tpm:
            _undefine(tpm, about["index"])
        remove_overwritten(self._path(generation))

    def _about(self, generation: int) -> dict[str, Any]:
        try:
            about: dict[str, Any] = json.loads(self._path(generation).read_text("ascii"))
            return about
        except (FileNotFoundError, ValueError):
            raise KeyGone(f"{self._path(generation)} is not there any more") from None

    def _path(self, generation: int) -> Path:
        return self._folder / f"tpm.{generation}.json"


@contextmanager
def _opened(tcti: str) -> Iterator[ESAPI]:
    """The TPM, for one piece of work. What it answers becomes this package's errors."""
    try:
        with ESAPI(tcti) as tpm:
            yield tpm
    except TSS2_Exception as error:
        # format-one codes carry the number of the session or parameter in their upper bits (TPM 2.0 part 2, 6.6)
        if error.rc & 0x0BF in (_POLICY_FAIL, _AUTH_FAIL, _BAD_AUTH):
            raise KeyUnavailable(
                "the TPM does not open the key: the machine was started otherwise than when it was made"
                " (firmware, boot loader); start it as before, or see docs/technicians.md"
            ) from None
        raise KeyUnavailable(f"the TPM does not answer as it should ({error})") from None


@contextmanager
def _policy(tpm: ESAPI, kind: TPM2_SE, pcrs: Sequence[int]) -> Iterator[ESYS_TR]:
    """A policy session: the authorisation value, and the registers; salted, so that what crosses the bus is sealed."""
    salt, *_ = tpm.create_primary(
        TPM2B_SENSITIVE_CREATE(), TPM2B_PUBLIC.parse("ecc256:aes128cfb", objectAttributes=_STORAGE_KEY), ESYS_TR.OWNER
    )
    try:
        cipher = TPMT_SYM_DEF(
            algorithm=TPM2_ALG.AES,
            keyBits=TPMU_SYM_KEY_BITS(sym=128),
            mode=TPMU_SYM_MODE(sym=TPM2_ALG.CFB),
        )
        session = tpm.start_auth_session(
            tpm_key=salt, bind=ESYS_TR.NONE, session_type=kind, symmetric=cipher, auth_hash=TPM2_ALG.SHA256
        )
    finally:
        tpm.flush_context(salt)
    try:
        tpm.policy_auth_value(session)
        if pcrs:
            chosen = ",".join(str(number) for number in pcrs)
            tpm.policy_pcr(session, TPM2B_DIGEST(), TPML_PCR_SELECTION.parse(f"sha256:{chosen}"))
        yield session
    finally:
        tpm.flush_context(session)


def _undefine(tpm: ESAPI, index: int) -> None:
    try:
        place = tpm.tr_from_tpmpublic(index)
    except TSS2_Exception as error:
        if error.rc in _NO_SUCH_HANDLE:
            return
        raise
    tpm.nv_undefine_space(place)
