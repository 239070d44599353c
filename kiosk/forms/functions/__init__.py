"""The functions an expression may call: the list of the ODK XForms specification, "XPath Functions".

`FUNCTIONS` maps each name to its implementation. docs/forms.md says of every one what test proves it.
"""

from kiosk.forms.functions import choosing, dates, geography, logic, nodes, numbers, texts
from kiosk.forms.functions.registry import FUNCTIONS, Function

__all__ = ["FUNCTIONS", "Function", "choosing", "dates", "geography", "logic", "nodes", "numbers", "texts"]
