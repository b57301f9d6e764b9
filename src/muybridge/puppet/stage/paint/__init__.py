"""The procedural tools that places are painted with: noise, skies, water, land, foliage, rooms, lights."""
