"""Real servers for tests: started here on loopback, stopped at the end."""
