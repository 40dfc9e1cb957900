"""People as administrators see them: hiring, changing, skills, passwords, presence by a supervisor's word."""

from yizhan.web.agents.handlers import (
    change_my_password,
    edit_agent,
    force_presence,
    hire_agent,
    list_agents,
    list_roles,
    put_agent_skills,
)
from yizhan.web.agents.reference import reference

routes = [
    list_agents,
    hire_agent,
    edit_agent,
    put_agent_skills,
    force_presence,
    change_my_password,
    list_roles,
    reference,
]

__all__ = ["routes"]
