"""The wire rules, and what generated code calls at run time."""
