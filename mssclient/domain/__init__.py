"""What things are and what is allowed: values and rules, no I/O, no clock.

May import the standard library's pure parts and nothing else.
"""
