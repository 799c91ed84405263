"""Signing in, and the cover that hides every window while the workstation is locked."""
