"""The way from the published document to the generated package."""
