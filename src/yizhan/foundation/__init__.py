"""The lowest floor: the database, time, ids, secrets, text and the other ground everything above stands on.

Nothing here knows a customer, a ticket or a channel. Import from the packages below, never from this one.
"""
