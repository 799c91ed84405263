"""Qt models: ids in order and a small cache of rows."""
