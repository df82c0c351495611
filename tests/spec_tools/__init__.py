"""What is asked of the published document, and what is published."""
