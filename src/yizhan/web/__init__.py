"""HTTP and sockets: the only floor that knows the web framework.

Handlers open the transaction, call one verb of the floors below and return a shape; nothing is decided here.
"""
