"""Figures 我的数据 over HTTP: an agent's own, or those of somebody one supervises."""

from yizhan.web.figures.handlers import routes

__all__ = ["routes"]
