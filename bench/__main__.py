"""`python -m bench [NAME …]`: one JSON line a figure on standard output."""

from __future__ import annotations

import importlib
import sys

# In the order of a short wait: quick ones first. A module may print several figures.
MODULES = {
    "intake_batch": ("intake_batch",),
    "idle": ("idle_rss", "warm_start"),
    "mail_in": ("mail_in",),
    "linkage": ("linkage",),
    "import_profiles": ("import_profiles",),
    "import_file": ("import_file",),
    "intake_http": ("intake_http",),
    "wechat_callback": ("wechat_callback",),
    "screen_latency": ("screen_latency",),
    "fanout": ("fanout_2000",),
    "sla_idle": ("sla_idle", "sla_late"),
    "router_decision": ("router_decision",),
    "router_drain": ("router_drain",),
    "routing_quality": ("simulate_day", "routing_quality"),
    "resolve_cost": ("resolve_cost",),
    "view360": ("view360_p99",),
    "segment_count": ("segment_count",),
    "lighthouse": ("lighthouse",),
    "desk_screen": ("desk_screen", "desk_typing", "desk_long_tasks", "desk_memory"),
    "wrap_up": ("wrap_up",),
    "reads": ("list_p99", "open_p99", "search_p99"),
}


def main(wanted: list[str]) -> None:
    known = {figure for figures in MODULES.values() for figure in figures}
    unknown = set(wanted) - known
    if unknown:
        sys.exit(f"no figure {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    for module, figures in MODULES.items():
        if not wanted or set(wanted) & set(figures):
            importlib.import_module(f"bench.{module}").run()


main(sys.argv[1:])
