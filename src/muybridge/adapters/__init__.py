"""The ports' real sides, under the ports' own names."""
