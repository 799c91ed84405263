"""The local cache: the only room that says SQL.

May import `domain` and nothing beside. One encrypted file per person; the public directory has its own file.
"""
