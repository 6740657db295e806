"""The messages of gRPC in the words of REST, so that both ways give the same values and errors. Needs the extra `grpc`."""
