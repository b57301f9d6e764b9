"""Seeing: the face, the matte and the plate behind the subject."""
