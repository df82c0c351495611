"""Streams of many tickets."""
