"""The page that is printed and whose seal it bears, or the QR code by which a phone gets the file; nothing for None."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.widgets.card import Card


class CertificatePreview(Card):
    """`certificate` is a CertificateView or None."""

    certificate = ObjectProperty(None, allownone=True)
