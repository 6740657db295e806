"""Where the benchmarks find things, and the texts that all of them use."""
import os
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DEPS = pathlib.Path(os.environ.get("MM_DEPS", ROOT / ".deps"))
BUILD = pathlib.Path(os.environ.get("MM_BUILD", ROOT / "build"))
RESULTS = BUILD / "bench"
MINILM = DEPS / "models" / "all-MiniLM-L6-v2"
CONVERTED = DEPS / "bench" / "all-MiniLM-L6-v2"  # what the peers make of it
TEXTS = 64
WORDS = """harbour lights glow over the water when small boats come home with fish and tired crews who sing about storms
distant islands cold wind bright stars kitchen smells warm soup fresh bread red apples green fields summer rain morning
coffee paper letters written by hand open window music street market voices children laugh run play under tall trees
teacher asks simple question student gives long answer engine starts slow train leaves station early every day""".split()


def make_texts(tokens_wanted, count=TEXTS):
    """Texts of exactly so many tokens, [CLS] and [SEP] counted, different at every length but the same in every run."""
    from tokenizers import Tokenizer

    tokens = Tokenizer.from_file(str(MINILM / "tokenizer.json"))
    tokens.no_padding()
    tokens.no_truncation()
    words = [word for word in dict.fromkeys(WORDS) if len(tokens.encode(word, add_special_tokens=False).ids) == 1]
    choose = random.Random(tokens_wanted)
    texts = [" ".join(choose.choices(words, k=tokens_wanted - 2)) for _ in range(count)]
    assert all(len(tokens.encode(text).ids) == tokens_wanted for text in texts)
    return texts
