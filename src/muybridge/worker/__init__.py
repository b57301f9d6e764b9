"""The activities and workflows that Temporal runs."""
