"""BERT models of random weights with the tokenizer of all-MiniLM-L6-v2: quick to make, to load and to copy."""
import json
import shutil
from pathlib import Path

_LEFT_OUT = shutil.ignore_patterns("*.safetensors", "data_config.json", ".stamp")


def make_small_bert(minilm: Path, folder: Path, *, hidden: int = 32, layers: int = 2, seed: int = 1) -> Path:
    """A model in `folder`, which must not be there yet; `minilm` lends everything but the weights."""
    import torch
    from transformers import BertConfig, BertModel

    shutil.copytree(minilm, folder, ignore=_LEFT_OUT)
    torch.manual_seed(seed)
    config = BertConfig(hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=max(1, hidden // 16),
                        intermediate_size=2 * hidden)
    BertModel(config).save_pretrained(folder)
    pooling = folder / "1_Pooling" / "config.json"
    pooling.write_text(json.dumps({**json.loads(pooling.read_text()), "word_embedding_dimension": hidden}))
    return folder
