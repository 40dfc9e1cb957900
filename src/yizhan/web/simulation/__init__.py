"""Simulations 仿真 on the wire: asked for, called off, looked at."""

from yizhan.web.simulation.handlers import routes

__all__ = ["routes"]
