"""Reused pieces of the screen."""
