"""The institution's Pro Santé Connect relay: holds the client secret and the refresh tokens, hands out short tokens.

A program of its own; may import `domain` and nothing else of the house.
"""
