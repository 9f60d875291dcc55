"""Django's PostgreSQL, with connections that give up on a server that hangs. Named by ENGINE."""
