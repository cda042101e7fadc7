"""Tables in text files: encoding, separator, header, rows and their cells."""
