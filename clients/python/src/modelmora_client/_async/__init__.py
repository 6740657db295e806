"""The client. `_sync` is made from these files when the package is built."""
