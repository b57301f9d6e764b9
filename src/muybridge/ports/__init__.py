"""What the service asks of the outside, as Protocols."""
