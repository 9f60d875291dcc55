"""The reading room: a source’s text, its claims, and what it seems to say besides."""
