"""The outside world, one folder a channel: verify, parse and render as pure functions, plus settings and samples.

A channel turns what a vendor sends into the desk's inbound messages and a reply into what the vendor accepts.
Channels know the desk but not each other, and never a web framework: the web floor calls them with raw bytes.
"""
