"""The live drive: customers keep coming and colleagues keep serving, so that the floor of a demo never stands still."""

from yizhan.app.demo.drive.acts import Acts
from yizhan.app.demo.drive.browsing import Browsing
from yizhan.app.demo.drive.drive import Drive
from yizhan.app.demo.drive.duty import Duty
from yizhan.app.demo.drive.openings import Openings
from yizhan.app.demo.drive.talk import Move, Talk, agents_move, question_in

__all__ = ["Acts", "Browsing", "Drive", "Duty", "Move", "Openings", "Talk", "agents_move", "question_in"]
