"""Writing a message: the composer's window and its pieces. May import `engine.api`, `domain` and `ui` neighbours."""
