"""Documents shown without leaving the program. May import `engine.api`, `domain` and `ui` neighbours."""
