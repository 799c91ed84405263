"""What waits, what failed, what became of what was sent. May import `engine.api`, `domain` and `ui` neighbours."""
