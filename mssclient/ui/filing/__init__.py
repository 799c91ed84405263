"""The filing panel: a document goes into the record. May import `engine.api`, `domain` and `ui` neighbours."""
