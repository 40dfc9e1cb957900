"""Every route of the product, by capability. The order is the order of the API description."""

from litestar import Router

from yizhan.web import (
    agents,
    alerts,
    audit,
    auth,
    blocks,
    bulk,
    complaints,
    config,
    consultations,
    contacts,
    conversations,
    demo,
    demo_shop,
    files,
    health,
    hooks,
    inboxes,
    letters,
    live,
    monitor,
    notices,
    outlets,
    pages,
    priority,
    promises,
    rosters,
    search,
    segment,
    sla,
    suppressions,
    teams,
    tickets,
    tokens,
    visitors,
    widget,
    words,
    work,
)

API = (
    *auth.routes,
    *conversations.routes,
    *tickets.routes,
    *bulk.routes,
    *sla.routes,
    *complaints.routes,
    *priority.routes,
    *words.routes,
    *blocks.routes,
    *promises.routes,
    *consultations.routes,
    *contacts.routes,
    *search.routes,
    *work.routes,
    *rosters.routes,
    *visitors.routes,
    *monitor.routes,
    *agents.routes,
    *teams.routes,
    *inboxes.routes,
    *suppressions.routes,
    *tokens.routes,
    *files.routes,
    *audit.routes,
    *config.routes,
    *health.api_routes,
    *live.routes,
    *notices.routes,
    *alerts.routes,
    *outlets.routes,
    *demo.routes,
)
"""Under /api/v1."""

ROOT = (
    *health.routes,
    *inboxes.doors,
    *letters.doors,
    *pages.routes,
    *widget.routes,
    *segment.routes,
    *hooks.routes,
    *demo_shop.routes,
)
"""At the root: machines, pages, the widget's script."""


def routers() -> list[Router]:
    return [Router("/api/v1", route_handlers=[*API]), Router("/", route_handlers=[*ROOT])]
