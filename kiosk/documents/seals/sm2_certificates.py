"""X.509 certificates with SM2 keys (GM/T 0015): read by asn1crypto, signatures verified by `sm2`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from asn1crypto import x509

from kiosk.documents.seals import sm2
from kiosk.documents.seals.results import Refusal

#: Extensions whose meaning is looked at below; any other that is critical is not understood.
_UNDERSTOOD = {"key_usage", "basic_constraints"}
_MAY_SIGN = {"digital_signature", "non_repudiation"}


class Sm2Certificate:
    """One certificate. Raises Refusal for bytes that are none, or none with an SM2 key."""

    def __init__(self, der: bytes) -> None:
        self.der = der
        try:
            self._read = x509.Certificate.load(der, strict=True)
            key = self._read.public_key
            curve = key["algorithm"]["parameters"].chosen
            algorithm = self._read["signature_algorithm"]["algorithm"].dotted
            self.point = key["public_key"].native
            self.subject, self.issuer = self._read.subject.dump(), self._read.issuer.dump()
            self.name, self.issuer_name = _name(self._read.subject), _name(self._read.issuer)
            validity = self._read["tbs_certificate"]["validity"]
            self.begins: datetime = validity["not_before"].native
            self.ends: datetime = validity["not_after"].native
            self._critical = set(self._read.critical_extensions)
            usage, basic = self._read.key_usage_value, self._read.basic_constraints_value
            self._usage = set(usage.native) if usage is not None else None
            self.authority = bool(basic is not None and basic["ca"].native)
            same = self._read["tbs_certificate"]["signature"].dump() == self._read["signature_algorithm"].dump()
            right = curve.dotted == sm2.CURVE and algorithm == sm2.SM2_SM3 and same
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Refusal("broken-seal", "certificate") from None
        if not right:
            raise Refusal("unsupported", "not an SM2 certificate")

    def made_by(self, authority: Sm2Certificate) -> bool:
        """Whether `authority` signed this certificate."""
        body, signature = self._read["tbs_certificate"].dump(), self._read["signature_value"].native
        return self.issuer == authority.subject and sm2.verify(authority.point, body, signature)

    def valid_at(self, moment: datetime) -> bool:
        """Whether its own dates allow `moment`."""
        return self.begins <= moment <= self.ends

    @property
    def may_sign(self) -> bool:
        """Whether it is for signing documents, and says nothing we do not understand."""
        allowed = self._usage is None or bool(self._usage & _MAY_SIGN)
        return allowed and not self.authority and self._critical <= _UNDERSTOOD

    @property
    def may_certify(self) -> bool:
        """Whether it is an authority's."""
        return self.authority and (self._usage is None or "key_cert_sign" in self._usage)


def trusted(certificate: Sm2Certificate, roots: Sequence[bytes], moment: datetime) -> None:
    """Raises Refusal unless one of `roots` signed it and both were valid at `moment`.

    One step only: a city whose sealing certificates come from a sub-authority puts that one into the trust list.
    """
    makers = [root for root in map(Sm2Certificate, roots) if root.may_certify and certificate.made_by(root)]
    if not makers:
        raise Refusal("unknown-signer")
    if not certificate.valid_at(moment) or not any(maker.valid_at(moment) for maker in makers):
        raise Refusal("not-valid-then", "certificate")


def _name(name: x509.Name) -> str:
    said = name.native
    value = said.get("common_name") or said.get("organization_name") or ""
    return value if isinstance(value, str) else str(value[0])
