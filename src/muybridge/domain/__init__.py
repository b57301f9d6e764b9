"""What Muybridge is about, as frozen values without I/O and without numpy."""
