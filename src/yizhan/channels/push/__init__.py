"""Pushes to phones: Apple's APNs, Google's FCM, and 个推 and 极光 for devices that reach neither.

One file a vendor: who we are there, one push as its call, what its answer means. `VendorPush` is the port of the desk.
"""

from yizhan.channels.push.checking import check_push
from yizhan.channels.push.sending import VendorPush

__all__ = ["VendorPush", "check_push"]
