"""The nouns: what customers, conversations, tickets, agents, knowledge and configuration are, and how they are kept.

Each folder owns its tables and is the only one that writes them. Records do not import one another.
"""
