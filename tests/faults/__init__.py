"""Faults of a real HTTP API: a scripted raw-socket server and the table of what it does to a client."""
