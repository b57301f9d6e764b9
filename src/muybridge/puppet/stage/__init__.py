"""What stands behind and before the subject."""
