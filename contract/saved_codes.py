"""The code of a saved application (存单): how it is written, and the key it is.

Sixteen characters: fourteen of Crockford's base32 (70 random bits) and two check digits, ISO/IEC 7064 MOD 97-10 as an
IBAN has them. scrypt and HKDF make of it a name, by which the platform finds what was saved, and a key, which nobody
has who has not the code. From the name neither code nor key can be found.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from stdnum.iso7064 import mod_97_10

#: Crockford's base32: no I, L, O and U
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
#: what the address on the slip's QR code ends with, before the code
QUERY = "?c="
_READ_AS = str.maketrans("OIL", "011")
_NONCE = 12  # bytes, NIST SP 800-38D
#: RFC 7914: 16 MB and about 50 ms a guess, on top of 70 bits
_COST = {"n": 2**14, "r": 8, "p": 1}
_USES = ((b"lookup", 16), (b"key", 32))


class DoesNotOpen(ValueError):
    """Sealed under another code, or for another person, or broken. Quotes nothing."""


def new_code() -> str:
    """A code nobody has yet."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 2))
    return drawn + str(mod_97_10.calc_check_digits(_digits(drawn)))


def read_code(text: str) -> str:
    """The code that was typed or scanned, "" for what is none: a character misread or two changed places show.

    Case, spaces and dashes do not count; O is read as 0, I and L as 1. Of the slip's QR code the address is left out.
    """
    text = text.rpartition(QUERY)[2] if "://" in text else text
    plain = unicodedata.normalize("NFKC", text[:200]).upper()
    code = re.sub(r"[\s\-–—_.]", "", plain).translate(_READ_AS)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or not code[-2:].isdigit():
        return ""
    return code if mod_97_10.is_valid(_digits(code[:-2]) + code[-2:]) else ""


def _digits(text: str) -> str:
    """Each character as two digits: so every single wrong one and every two that changed places are found."""
    return "".join(f"{ALPHABET.index(character):02d}" for character in text)


def written(code: str) -> str:
    """In groups of four, as people read it out."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


@dataclass(frozen=True)
class SavedKey:
    """What the code is good for. `lookup` (32 hex digits) is the name at the platform."""

    code: str = field(repr=False)
    lookup: str
    _key: bytes = field(repr=False)

    @classmethod
    def of(cls, code: str) -> SavedKey:
        """Made of a code as `read_code` gives it; takes about 50 ms."""
        root = hashlib.scrypt(code.encode(), salt=b"bianmin saved application", dklen=32, **_COST)
        lookup, key = (HKDFExpand(hashes.SHA256(), size, use).derive(root) for use, size in _USES)
        return cls(code, lookup.hex(), key)

    def seal(self, content: bytes, number: str) -> bytes:
        """`content`, to be opened with this code for the person of this ID number only (AES-256-GCM)."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, content, number.encode())

    def open(self, sealed: bytes, number: str) -> bytes:
        """What was sealed. Raises DoesNotOpen."""
        try:
            return AESGCM(self._key).decrypt(sealed[:_NONCE], sealed[_NONCE:], number.encode())
        except (InvalidTag, ValueError):  # ValueError: cut shorter than its nonce
            raise DoesNotOpen("a saved application does not open") from None
