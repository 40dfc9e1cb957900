"""Demo data: the fictional retailer 山雀生活, its people and its customers, at times relative to the start."""

from yizhan.app.demo.crm import DemoCrm
from yizhan.app.demo.live import LiveDemo, open_demo
from yizhan.app.demo.people import DEMO_LOGINS
from yizhan.app.demo.plant import is_planted, plant_demo
from yizhan.app.demo.remote import DemoHost, RemoteDemo, open_remote_demo

__all__ = [
    "DEMO_LOGINS",
    "DemoCrm",
    "DemoHost",
    "LiveDemo",
    "RemoteDemo",
    "is_planted",
    "open_demo",
    "open_remote_demo",
    "plant_demo",
]
