"""Platforms that behave like the real ones, over real HTTP and WebSocket on port 0."""
