"""Teams, skills and business lines as administrators keep them."""

from yizhan.web.teams.handlers import (
    edit_team,
    found_brand,
    found_skill,
    found_team,
    list_brands,
    list_skills,
    list_teams,
    put_team_members,
)

routes = [list_teams, found_team, edit_team, put_team_members, list_skills, found_skill, list_brands, found_brand]

__all__ = ["routes"]
