"""Drops documents into the record system's folder, whole or not at all, with the sidecar its importer wants.

May import `domain` and the standard library. Blocking; no thread of its own.
"""
