"""mssclient: a desktop mail client for MSSanté. The map of the house is in ARCHITECTURE.md."""

__version__ = "0.1.0"
