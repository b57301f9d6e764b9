"""Temporal, embedded or joined: the server beside us, the client, and the orchestrator's real side."""
