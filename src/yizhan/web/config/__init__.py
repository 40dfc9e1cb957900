"""Configuration 配置 on the wire: drafts, differences, releases, and the way back."""

from yizhan.web.config.calendars import list_countries, look_ahead
from yizhan.web.config.conditions import count_fitting, list_choices
from yizhan.web.config.documents import (
    check_document,
    discard_document,
    document_history,
    list_configuration,
    list_documents,
    list_kinds,
    remove_document,
    save_document,
)
from yizhan.web.config.releases import compare_releases, list_drafts, list_releases, release_drafts, roll_back
from yizhan.web.config.shapes import FieldShape, field_shapes

routes = [
    list_configuration,
    list_kinds,
    list_choices,
    count_fitting,
    list_drafts,
    list_releases,
    release_drafts,
    compare_releases,
    roll_back,
    list_documents,
    document_history,
    save_document,
    check_document,
    remove_document,
    discard_document,
    list_countries,
    look_ahead,
]

__all__ = ["FieldShape", "field_shapes", "routes"]
