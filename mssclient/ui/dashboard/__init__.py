"""The dashboard: what was exchanged, counted. May import `engine.api`, `domain` and `ui` neighbours."""
