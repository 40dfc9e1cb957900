"""The switch of the demo: customers on and off, faster and slower, everything anew. Nothing of it outside demo mode."""

from yizhan.web.demo.handlers import begin_anew, read_demo, steer_demo

routes = [read_demo, steer_demo, begin_anew]

__all__ = ["routes"]
