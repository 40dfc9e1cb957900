"""Yizhan 驿站: one stop for every customer conversation."""
