"""A small operator on this machine that speaks the real protocols: for demonstrations, training and tests.

May import `domain` and nothing beside; nothing in the client knows that it exists.
"""
