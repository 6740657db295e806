"""Every encoder family against the reference implementation, on small random models that are made here."""

import json
import os
import pathlib
import subprocess

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROBE = pathlib.Path(os.environ.get("MM_BUILD", ROOT / "build")) / "bin" / "mm_encoder_probe"
VOCABULARY = 99
LENGTHS = [1, 2, 7, 12, 16, 31, 33, 60]
COMMON = {"vocab_size": VOCABULARY, "max_position_embeddings": 70, "hidden_act": "gelu"}
SIZES = {"hidden_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 144}

FAMILIES = {
    "bert": lambda **more: transformers.BertConfig(**{**COMMON, **SIZES, **more}),
    "roberta": lambda **more: transformers.RobertaConfig(
        **{**COMMON, **SIZES, "pad_token_id": 1, "type_vocab_size": 1, **more}
    ),
    "xlm-roberta": lambda **more: transformers.XLMRobertaConfig(
        **{**COMMON, **SIZES, "pad_token_id": 1, "type_vocab_size": 1, **more}
    ),
    "distilbert": lambda **more: transformers.DistilBertConfig(
        **{"vocab_size": VOCABULARY, "max_position_embeddings": 70, "dim": 64, "n_layers": 3, "n_heads": 4,
           "hidden_dim": 144, "activation": "gelu", **more}
    ),
    "mpnet": lambda **more: transformers.MPNetConfig(**{**COMMON, **SIZES, **more}),
}


def build(config, folder):
    """A model with weights large enough that every part matters, saved below `folder`."""
    torch.manual_seed(3)
    model = transformers.AutoModel.from_config(config).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            spread = 0.15 if weight.dim() > 1 else 0.1
            weight.copy_(torch.randn_like(weight) * spread + (1 if "norm" in name.lower() and name.endswith("weight") else 0))
    model.save_pretrained(folder, safe_serialization=True)
    return model


def sequences(seed=5):
    random = np.random.default_rng(seed)
    return [random.integers(4, VOCABULARY, size=length).tolist() for length in LENGTHS]


def reference(model, texts, types=None):
    states = []
    with torch.no_grad():
        for i, ids in enumerate(texts):
            more = {} if types is None else {"token_type_ids": torch.tensor([types[i]])}
            ids = torch.tensor([ids])
            more["attention_mask"] = torch.ones_like(ids)
            states.append(model(ids, **more).last_hidden_state[0].float().numpy())
    return np.concatenate(states)


def probe(folder, texts, dtype="fp32", threads=2, types=None, kernels=None):
    request = {"sequences": texts} | ({} if types is None else {"types": types})
    environment = {**os.environ, **({"MM_KERNELS": kernels} if kernels else {})}
    run = subprocess.run(
        [str(PROBE), str(folder), dtype, str(threads)],
        input=json.dumps(request).encode(), capture_output=True, timeout=120, env=environment,
    )
    if run.returncode != 0:
        raise RuntimeError(run.stderr.decode())
    return np.frombuffer(run.stdout, dtype=np.float32).reshape(sum(map(len, texts)), -1)


def distance(found, wanted):
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def likeness(found, wanted):
    lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(wanted, axis=1)
    return float(((found * wanted).sum(axis=1) / lengths).min())


@pytest.fixture(scope="module", params=FAMILIES, ids=str)
def family(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return folder, build(FAMILIES[request.param](), folder)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_fp32_matches(family, threads):
    folder, model = family
    assert distance(probe(folder, sequences(), threads=threads), reference(model, sequences())) < 1e-4


def test_one_short_text_matches(family):
    folder, model = family
    text = sequences()[3:4]
    assert distance(probe(folder, text), reference(model, text)) < 1e-4


@pytest.mark.parametrize("kernels", ["portable", "avx2", "avx512"])
def test_every_instruction_set_matches(family, kernels):
    folder, model = family
    assert distance(probe(folder, sequences(), kernels=kernels), reference(model, sequences())) < 1e-4


def test_bf16_stays_close(family):
    folder, model = family
    assert likeness(probe(folder, sequences(), dtype="bf16"), reference(model, sequences())) > 0.9993


@pytest.mark.parametrize("activation", ["gelu_new", "relu", "silu", "quick_gelu", "tanh"])
def test_activations_match(tmp_path, activation):
    model = build(FAMILIES["bert"](hidden_act=activation), tmp_path)
    assert distance(probe(tmp_path, sequences()), reference(model, sequences())) < 1e-4


def test_token_types_match(tmp_path):
    model = build(FAMILIES["bert"](), tmp_path)
    texts = sequences()
    types = [[i % 2 for i in range(len(ids))] for ids in texts]
    assert distance(probe(tmp_path, texts, types=types), reference(model, texts, types)) < 1e-4


@pytest.mark.parametrize("name", ["roberta", "mpnet"])
def test_padding_tokens_inside_a_text_keep_their_positions(tmp_path, name):
    model = build(FAMILIES[name](), tmp_path)
    texts = [[5, 1, 9, 1, 1, 30], [1, 8]]
    assert distance(probe(tmp_path, texts), reference(model, texts)) < 1e-4


@pytest.mark.parametrize("name, prefix", [("bert", "bert."), ("roberta", "roberta."), ("distilbert", "distilbert."),
                                          ("mpnet", "mpnet.")])
def test_prefixed_checkpoints_are_read(tmp_path, name, prefix):
    from safetensors.torch import load_file, save_file

    model = build(FAMILIES[name](), tmp_path)
    tensors = load_file(tmp_path / "model.safetensors")
    save_file({prefix + key: value for key, value in tensors.items()}, tmp_path / "model.safetensors")
    assert distance(probe(tmp_path, sequences()), reference(model, sequences())) < 1e-4


def test_old_norm_names_are_read(tmp_path):
    from safetensors.torch import load_file, save_file

    model = build(FAMILIES["bert"](), tmp_path)
    tensors = load_file(tmp_path / "model.safetensors")
    old = {k.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): v
           for k, v in tensors.items()}
    save_file(old, tmp_path / "model.safetensors")
    assert distance(probe(tmp_path, sequences()), reference(model, sequences())) < 1e-4


BROKEN = [
    ({"hidden_act": "squareplus"}, "squareplus"),
    ({"position_embedding_type": "relative_key"}, "relative_key"),
    ({"num_attention_heads": 5}, "num_attention_heads"),
    ({"hidden_size": None}, "hidden_size"),
    ({"hidden_size": -64}, "hidden_size"),
    ({"intermediate_size": 145}, "intermediate.dense.weight"),
    ({"num_hidden_layers": 4}, "encoder.layer.3"),
    ({"model_type": "made-up"}, "made-up"),
    ({"layer_norm_eps": "small"}, "layer_norm_eps"),
    ({"is_decoder": True}, "is_decoder"),
]


@pytest.mark.parametrize("change, named", BROKEN, ids=[named for _, named in BROKEN])
def test_wrong_configurations_are_named(tmp_path, change, named):
    build(FAMILIES["bert"](), tmp_path)
    file = tmp_path / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    with pytest.raises(RuntimeError, match=named.replace(".", r"\.")):
        probe(tmp_path, sequences())


@pytest.mark.parametrize("ids, named", [([VOCABULARY], "token id 99"), ([-1], "token id -1"), ([5] * 71, "71 tokens")])
def test_inputs_outside_the_model_are_refused(tmp_path, ids, named):
    build(FAMILIES["bert"](), tmp_path)
    with pytest.raises(RuntimeError, match=named):
        probe(tmp_path, [[5, 6], ids])


REAL = pathlib.Path(os.environ.get("MM_DEPS", ROOT / ".deps")) / "models" / "all-MiniLM-L6-v2"


@pytest.mark.skipif(not REAL.exists(), reason="the real model is not installed")
@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
def test_real_minilm_matches(dtype):
    model = transformers.AutoModel.from_pretrained(REAL).eval()
    random = np.random.default_rng(11)
    texts = [[101, *random.integers(1000, 29000, size=length).tolist(), 102] for length in (3, 10, 126, 254, 510)]
    found, wanted = probe(REAL, texts, dtype=dtype), reference(model, texts)
    if dtype == "fp32":
        assert distance(found, wanted) < 1e-5
    else:
        assert likeness(found, wanted) > 0.9995
