"""Python client for the Enneo Mind ticketing API."""
