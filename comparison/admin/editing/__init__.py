"""Several people at once: posts that are tried again, forms and rows below them that know what their editor saw."""
