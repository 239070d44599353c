"""Measured work: each figure stands beside a named peer or limit, taken in the same run."""
