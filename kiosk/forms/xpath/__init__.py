"""XPath as the ODK XForms specification has it: parsed to a tree, compiled to closures over a form's nodes.

Why not libxml2 or elementpath: docs/decisions.md, "Expressions of a form".
"""
