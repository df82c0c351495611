"""The published document as Prism serves it."""
