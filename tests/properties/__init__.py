"""What holds for every response, header and order of events, shown on thousands that nobody wrote by hand."""
