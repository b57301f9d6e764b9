"""What can move, and how far: meshes, controls and their bases."""
