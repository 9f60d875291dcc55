"""Django's SQLite, also where nothing can be written. Named by ENGINE."""
