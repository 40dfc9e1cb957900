"""Measurements: one file a figure, each printed with the limit or the comparison measured in the same run."""
