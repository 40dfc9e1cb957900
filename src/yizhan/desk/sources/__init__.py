"""Sources 数据来源: what shops, CRMs and files tell of customers and their orders, row by row, the same way for all.

Whoever brings rows (the push API, an imported file, a connector) calls `put_profiles` and `put_orders`.
"""

from yizhan.desk.sources.believing import believe_anew
from yizhan.desk.sources.by_hand import write_by_hand
from yizhan.desk.sources.history import FieldSaid, history
from yizhan.desk.sources.model import CHANGED, ORDERED, Did, OrderIn, Outcome, Problem, ProfileIn
from yizhan.desk.sources.orders import put_orders
from yizhan.desk.sources.policy import Checked, check_profile, external
from yizhan.desk.sources.profiles import put_profiles, take_profiles
from yizhan.desk.sources.reading import Reading, names_inbox
from yizhan.desk.sources.revealing import reveal_field
from yizhan.desk.sources.rules import PROFILE, ProfileBook, ProfileDocument, ProfileRules, compile_profile
from yizhan.desk.sources.sealing import masked, said_in_clear
from yizhan.desk.sources.trying import try_orders, try_profiles

__all__ = [
    "CHANGED",
    "ORDERED",
    "PROFILE",
    "Checked",
    "Did",
    "FieldSaid",
    "OrderIn",
    "Outcome",
    "Problem",
    "ProfileBook",
    "ProfileDocument",
    "ProfileIn",
    "ProfileRules",
    "Reading",
    "believe_anew",
    "check_profile",
    "compile_profile",
    "external",
    "history",
    "masked",
    "names_inbox",
    "put_orders",
    "put_profiles",
    "reveal_field",
    "said_in_clear",
    "take_profiles",
    "try_orders",
    "try_profiles",
    "write_by_hand",
]
