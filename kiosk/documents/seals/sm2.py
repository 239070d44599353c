"""SM2 signatures with SM3 (GB/T 32918.2, GM/T 0009) by OpenSSL's libcrypto, which `cryptography` does not offer.

Native code through ctypes: only worker processes may load this module.
"""

from __future__ import annotations

import ctypes
import functools

from asn1crypto import core

#: GM/T 0009 section 10: the identity that stands in Z where nothing else was agreed.
DEFAULT_ID = b"1234567812345678"
#: The named curve sm2p256v1 and the algorithm SM2 with SM3 (GM/T 0006).
CURVE, SM2_SM3 = "1.2.156.10197.1.301", "1.2.156.10197.1.501"
#: Two numbers of 32 bytes in DER need at most this.
_LONGEST = 72


class _Numbers(core.Sequence):
    """SEQUENCE { r INTEGER, s INTEGER }."""

    _fields = [("r", core.Integer), ("s", core.Integer)]


def verify(point: bytes, message: bytes, signature: bytes, identity: bytes = DEFAULT_ID) -> bool:
    """Whether `signature` (DER) over `message` was made by the key of `point` (04 || x || y).

    False for anything that is not a point of the curve or not a signature in DER.
    """
    if len(point) != 65 or point[0] != 4 or not _is_der(signature):
        return False
    library = _libcrypto()
    spki = _key_info(point)
    key = library.d2i_PUBKEY(None, ctypes.byref(ctypes.c_char_p(spki)), len(spki))
    context = library.EVP_MD_CTX_new()
    try:
        inner = ctypes.c_void_p()
        return bool(
            key
            and context
            and library.EVP_DigestVerifyInit(context, ctypes.byref(inner), library.EVP_sm3(), None, key) == 1
            and library.EVP_PKEY_CTX_set1_id(inner, identity, len(identity)) == 1
            and library.EVP_DigestVerify(context, signature, len(signature), message, len(message)) == 1
        )
    finally:
        library.EVP_MD_CTX_free(context)
        library.EVP_PKEY_free(key)
        library.ERR_clear_error()


def _is_der(signature: bytes) -> bool:
    try:
        numbers = _Numbers.load(signature, strict=True)
        r, s = numbers["r"].native, numbers["s"].native
        return len(signature) <= _LONGEST and _Numbers({"r": r, "s": s}).dump() == signature
    except (ValueError, TypeError):
        return False


def _key_info(point: bytes) -> bytes:
    """SubjectPublicKeyInfo of a point: id-ecPublicKey on sm2p256v1."""
    head = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
    return head + point


@functools.cache
def _libcrypto() -> ctypes.CDLL:
    """OpenSSL 3; its own names, its own types."""
    library = ctypes.CDLL("libcrypto.so.3")
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    library.d2i_PUBKEY.restype = library.EVP_MD_CTX_new.restype = library.EVP_sm3.restype = pointer
    library.d2i_PUBKEY.argtypes = [pointer, pointer, ctypes.c_long]
    library.EVP_DigestVerifyInit.argtypes = [pointer, pointer, pointer, pointer, pointer]
    library.EVP_PKEY_CTX_set1_id.argtypes = [pointer, ctypes.c_char_p, ctypes.c_int]
    library.EVP_DigestVerify.argtypes = [pointer, ctypes.c_char_p, size, ctypes.c_char_p, size]
    library.EVP_MD_CTX_free.argtypes = library.EVP_PKEY_free.argtypes = [pointer]
    library.EVP_MD_CTX_free.restype = library.EVP_PKEY_free.restype = library.ERR_clear_error.restype = None
    return library
