"""Types of input that several capabilities share. U+0000 is refused here: the database cannot hold it."""

from typing import Annotated

from msgspec import Meta

_NO_NUL = r"^[^\x00]*$"

Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
"""Something shown: at least one character that is not a space."""

Line = Annotated[str, Meta(max_length=500, pattern=_NO_NUL)]

Key = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
"""What programs and addresses call something."""

Login = Annotated[str, Meta(min_length=2, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]*$")]

Address = Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^\s\x00@]+@[^\s\x00@]+$")]
"""A mail address, checked for form only."""

Locale = Annotated[str, Meta(pattern=r"^(zh-CN|en)$")]
