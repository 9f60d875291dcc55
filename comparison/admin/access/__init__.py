"""The doors of the admin: logging in, going on after a session has ended, the second step."""
