"""From a prompt to a Storyboard: what is to be seen, when, and what was not understood."""

from muybridge.director.plan import plan

__all__ = ["plan"]
