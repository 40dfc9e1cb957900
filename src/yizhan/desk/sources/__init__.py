"""Sources 数据来源: what shops, CRMs and files tell of customers and their orders, row by row, the same way for all.

Whoever brings rows (the push API, an imported file, a connector) calls `put_profiles` and `put_orders`.
"""

from yizhan.desk.sources.model import CHANGED, ORDERED, Did, OrderIn, Outcome, Problem, ProfileIn
from yizhan.desk.sources.orders import put_orders
from yizhan.desk.sources.policy import external
from yizhan.desk.sources.profiles import put_profiles
from yizhan.desk.sources.reading import Reading, names_inbox
from yizhan.desk.sources.revealing import reveal_field
from yizhan.desk.sources.rules import PROFILE, ProfileBook, ProfileDocument, ProfileRules, compile_profile
from yizhan.desk.sources.trying import try_orders, try_profiles

__all__ = [
    "CHANGED",
    "ORDERED",
    "PROFILE",
    "Did",
    "OrderIn",
    "Outcome",
    "Problem",
    "ProfileBook",
    "ProfileDocument",
    "ProfileIn",
    "ProfileRules",
    "Reading",
    "compile_profile",
    "external",
    "names_inbox",
    "put_orders",
    "put_profiles",
    "reveal_field",
    "try_orders",
    "try_profiles",
]
