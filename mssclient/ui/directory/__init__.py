"""The Annuaire on the screen: search, cards, age. May import `engine.api`, `domain` and `ui` neighbours."""
