"""Who asks, and what for.

tokens     signed tokens; the one module that knows the library
clients    secrets and keys of clients
scopes     what a client may be allowed to do
"""
