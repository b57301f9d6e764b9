"""Measures of one take, each a small function over frames; none uses the models that the rig acts with."""
