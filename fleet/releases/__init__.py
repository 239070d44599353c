"""Signed releases (同源发布): a TUF repository of plain files that any web server can hand out."""
