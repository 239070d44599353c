"""Reading an XForm: everything that could go wrong later is refused here, with its place."""

from kiosk.forms.loading.xform import SIZE_LIMIT, load

__all__ = ["SIZE_LIMIT", "load"]
