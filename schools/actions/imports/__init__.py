"""Lists that come in from Excel files. Planned first, by functions that only read; written exactly as planned."""
