"""The CPU renderer: a pure library over arrays, from a picture to frames."""
