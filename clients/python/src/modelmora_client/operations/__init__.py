"""What can be asked of the engine, as values: the words of REST and of gRPC side by side. Pure; nothing is sent here."""
