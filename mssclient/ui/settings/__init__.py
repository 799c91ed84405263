"""What a person arranges for themselves. May import `engine.api`, `domain` and `ui` neighbours."""
