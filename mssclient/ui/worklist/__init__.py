"""The list of received documents to put into the record. May import `engine.api`, `domain` and `ui` neighbours."""
