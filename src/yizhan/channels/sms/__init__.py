"""SMS 短信 through the two clouds, both ways: approved templates out, delivery reports and replies in.

What the law and the carriers ask is the same for both (templates, signatures, hours, lengths): `policy`. How each cloud
signs and speaks is in `aliyun` and `tencent`. Neither recognises a message it has had before, so what may have been
sent is never sent again by itself: the report says our own id back.
"""
