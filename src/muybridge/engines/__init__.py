"""What makes takes: one file or folder an engine, found by entry points."""
