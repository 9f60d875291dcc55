"""Claims that an article seems to make, proposed to its curator. Nothing here stores or decides anything."""
