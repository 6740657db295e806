"""The peers of embed.py, each in a process of its own: `_embed_peers.py BACKEND MODEL CONVERTED THREADS` speaks the line
protocol of mm_embed_bench. Each does what its users write: tokenise, run, pool, normalise, a numpy array out."""
import json
import logging
import os
import pathlib
import sys
import time
import warnings

import numpy as np

MAX_TOKENS = 256


def tokenizer(model):
    from tokenizers import Tokenizer

    tokens = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokens.no_padding()
    tokens.enable_truncation(MAX_TOKENS)
    tokens.enable_padding()
    return tokens


def encoded(tokens, texts, names, kinds):
    rows = tokens.encode_batch(texts)
    ids = np.array([row.ids for row in rows])
    mask = np.array([row.attention_mask for row in rows])
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    return {name: inputs[name].astype(kinds.get(name, np.int64)) for name in names}, mask


def pooled(states, mask):
    weights = mask[..., None].astype(np.float32)
    means = (states * weights).sum(1) / weights.sum(1)
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def openvino(precision, model, converted, threads):
    import openvino as ov

    options = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": precision}
    compiled = ov.Core().compile_model(str(converted / "model.xml"), "CPU", options)
    names = {port.get_any_name() for port in compiled.inputs}
    request, tokens = compiled.create_infer_request(), tokenizer(model)

    def run(texts):
        inputs, mask = encoded(tokens, texts, names, {})
        return pooled(next(iter(request.infer(inputs).values())), mask)

    return run


def onnxruntime(model, converted, threads):
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(str(converted / "model_fused.onnx"), options, providers=["CPUExecutionProvider"])
    kinds = {port.name: np.int32 if "int32" in port.type else np.int64 for port in session.get_inputs()}
    tokens = tokenizer(model)

    def run(texts):
        inputs, mask = encoded(tokens, texts, kinds, kinds)
        return pooled(session.run(None, inputs)[0], mask)

    return run


def sentence_transformers(precision, model, threads):
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    more = {"model_kwargs": {"dtype": torch.bfloat16}} if precision == "bf16" else {}
    encoder = SentenceTransformer(str(model), device="cpu", **more)
    return lambda texts: encoder.encode(
        texts, batch_size=len(texts), show_progress_bar=False, normalize_embeddings=True)


def convert(model, converted):
    """ONNX by torch's exporter, fused as ONNX Runtime's own tool does, and OpenVINO's form of it."""
    import onnx  # noqa: F401  (the exporter wants it; fail early where it is missing)
    import openvino as ov
    import torch
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions
    from transformers import BertModel

    class States(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.bert = BertModel.from_pretrained(model, attn_implementation="eager").eval()

        def forward(self, input_ids, attention_mask, token_type_ids):
            return self.bert(input_ids=input_ids, attention_mask=attention_mask,
                             token_type_ids=token_type_ids).last_hidden_state

    converted.mkdir(parents=True, exist_ok=True)
    example = (torch.randint(100, 2000, (2, 16)), torch.ones(2, 16, dtype=torch.long),
               torch.zeros(2, 16, dtype=torch.long))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "batch", 1: "sequence"} for name in [*names, "states"]}
    plain = str(converted / "model.onnx")
    torch.onnx.export(States(), example, plain, input_names=names, output_names=["states"], dynamic_axes=axes,
                      opset_version=17, dynamo=False)
    fused = optimizer.optimize_model(plain, model_type="bert", num_heads=12, hidden_size=384,
                                     optimization_options=FusionOptions("bert"))
    fused.save_model_to_file(str(converted / "model_fused.onnx"))
    ov.save_model(ov.convert_model(plain), str(converted / "model.xml"), compress_to_fp16=False)


def create(backend, model, converted, threads):
    name, _, precision = backend.partition(":")
    if name == "openvino":
        return openvino({"fp32": "f32", "bf16": "bf16"}[precision], model, converted, threads)
    if name == "onnxruntime":
        return onnxruntime(model, converted, threads)
    return sentence_transformers(precision, model, threads)


def measure(run, texts, batch, seconds):
    done, begun, elapsed = 0, time.perf_counter(), 0.0
    while elapsed < seconds:
        start = done % (len(texts) - batch + 1) // batch * batch
        run(texts[start:start + batch])
        done += batch
        elapsed = time.perf_counter() - begun
    return {"texts_per_second": done / elapsed}


def main():
    backend, model, converted, threads = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), int(sys.argv[4])
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # libraries that print must not disturb the protocol
    if backend == "convert":
        convert(model, converted)
        return
    run = create(backend, model, converted, threads)
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        if "seconds" in command:
            answer = measure(run, command["texts"], command["batch"], command["seconds"])
        else:
            answer = {"vectors": np.asarray(run(command["texts"]), dtype=np.float32).tolist()}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
