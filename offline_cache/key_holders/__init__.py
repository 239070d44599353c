"""Where the key-encryption key is held: a TPM 2.0, systemd-creds, or (for development only) a file.

Keys come in generations, so that one can take another's place and the old one be destroyed. Which holder makes the next
one stands in `keys/holder.toml`, written by `kiosk-provision keys`:

    holder = "tpm"                     # or "systemd-creds", "development"
    tcti = "device:/dev/tpmrm0"        # TPM only: how it is reached (TCG TSS 2.0 TCTI)
    pcrs = [7]                         # TPM only: the key opens only while these registers are as they were
"""

from offline_cache.key_holders.choice import holder_for_new, holder_named
from offline_cache.key_holders.holder import KeyHolder

__all__ = ["KeyHolder", "holder_for_new", "holder_named"]
