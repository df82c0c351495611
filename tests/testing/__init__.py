"""Tests of the local Mind."""
