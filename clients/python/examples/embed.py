"""Embed texts and find the one that is nearest to a question."""
from modelmora_client import ModelMoraClient

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
TEXTS = ["The cat sat on the mat.", "Stocks fell sharply on Monday.", "It will rain in the evening."]

with ModelMoraClient() as client:  # MODELMORA_URL, or http://127.0.0.1:8000
    question, *vectors = client.inference.embed(MODEL, ["What will the weather be like?", *TEXTS])
    nearness = [sum(a * b for a, b in zip(question, vector)) for vector in vectors]
    for text, score in sorted(zip(TEXTS, nearness), key=lambda pair: -pair[1]):
        print(f"{score:.3f}  {text}")
