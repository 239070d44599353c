"""Texts for operators, by code and language."""
