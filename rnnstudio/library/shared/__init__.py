"""What several data sets or recipes use; nothing in this package is registered."""
