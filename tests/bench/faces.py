#!/usr/bin/env python3
"""What the faces cost: small answers against QHttpServer by itself, requests a second against a worker that answers at
once, how long health and management take while others work or send much, what a batch costs beside its computing.

Parts: live (against the bare server), calm (health beside 64 clients that infer), bodies (health and management while
7 MB bodies arrive), instant (inferences a second against a worker that computes nothing), batch (256 embeddings as
numbers and as base64), list (1,000 models), large (10,000 texts in one request, and what the engine keeps of it), grpc
(calls and streams, beside gRPC by itself).
usage: faces.py [--parts live,calm,...] [--seconds S] [--rounds N]
"""
import argparse
import sys

import _faces_answers
import _faces_grpc
import _faces_rest
from _goals import Goals

PARTS = {"live": _faces_rest.live, "calm": _faces_rest.calm, "bodies": _faces_rest.bodies,
         "instant": _faces_rest.instant, "batch": _faces_answers.batch, "list": _faces_answers.listing,
         "large": _faces_answers.large, "grpc": _faces_grpc.measure}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--seconds", type=float, default=2, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="of what is a ratio")
    options = parser.parse_args()
    goals = Goals("faces")
    for part in options.parts.split(","):
        PARTS[part](goals, options)
    return goals.finish()


if __name__ == "__main__":
    sys.exit(main())
