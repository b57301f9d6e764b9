"""From a prompt to a Storyboard: words, their order and their time."""
