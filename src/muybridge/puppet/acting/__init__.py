"""Acting: from a storyboard's beats to a pose for every frame."""
