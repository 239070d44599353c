"""Seals of the sample city: departments that do not exist, keys made in each data folder, documents that say so.

Written from the standards and not from the terminal's reading of them, so that the two can disagree.
"""
