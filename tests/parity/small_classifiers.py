"""Small random classifiers of every family, each with a tokenizer of its family's kind, made on the spot."""

import pathlib

import texts

MAX_LENGTH = 40
BERT_LIKE = {"bert", "distilbert"}
SIZES = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 96}


def _backend(family):
    import tokenizers
    from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] if family in BERT_LIKE else \
        ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    if family in BERT_LIKE or family == "mpnet":
        unknown = "[UNK]" if family in BERT_LIKE else "<unk>"
        tokenizer = tokenizers.Tokenizer(models.WordPiece(unk_token=unknown))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=400, special_tokens=special, show_progress=False)
    elif family == "roberta":
        tokenizer = tokenizers.Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=special, show_progress=False,
                                      initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    else:
        tokenizer = tokenizers.Tokenizer(models.Unigram())
        tokenizer.normalizer = normalizers.NFKC()
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        trainer = trainers.UnigramTrainer(vocab_size=1200, special_tokens=special, unk_token="<unk>",
                                          show_progress=False)
    tokenizer.train_from_iterator(texts.SAMPLES, trainer)
    if family in BERT_LIKE:
        ends = [("[CLS]", tokenizer.token_to_id("[CLS]")), ("[SEP]", tokenizer.token_to_id("[SEP]"))]
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends)
    elif family == "roberta":
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    else:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return tokenizer


def _tokenizer(family):
    import transformers

    names = ["input_ids", "attention_mask"]
    if family in BERT_LIKE:
        tokens = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
        names += ["token_type_ids"] if family == "bert" else []
    else:
        tokens = {"pad_token": "<pad>", "unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>",
                  "cls_token": "<s>", "sep_token": "</s>"}
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=_backend(family), model_max_length=MAX_LENGTH, model_input_names=names, **tokens)


def _config(family, vocabulary, **more):
    import transformers

    common = {"vocab_size": vocabulary, "max_position_embeddings": 70}
    after_padding = {"pad_token_id": 1, "type_vocab_size": 1, "bos_token_id": 0, "eos_token_id": 2}
    make = {
        "bert": lambda: transformers.BertConfig(**common, **SIZES, **more),
        "roberta": lambda: transformers.RobertaConfig(**common, **SIZES, **after_padding, **more),
        "xlm-roberta": lambda: transformers.XLMRobertaConfig(**common, **SIZES, **after_padding, **more),
        "distilbert": lambda: transformers.DistilBertConfig(
            **common, dim=48, n_layers=2, n_heads=4, hidden_dim=96, **more),
        "mpnet": lambda: transformers.MPNetConfig(**common, **SIZES, **more),
    }
    return make[family]()


FAMILIES = ["bert", "roberta", "xlm-roberta", "distilbert", "mpnet"]


def make_classifier(folder, family, labels=("relevant",), **more):
    """Saves model and tokenizer below `folder`; weights are large enough that every part of the model matters."""
    import torch
    import transformers

    folder = pathlib.Path(folder)
    torch.manual_seed(11)
    tokenizer = _tokenizer(family)
    names = {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}
    config = _config(family, len(tokenizer), num_labels=len(labels), **names, **more)
    model = transformers.AutoModelForSequenceClassification.from_config(config).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            spread = 0.2 if weight.dim() > 1 else 0.1
            is_gain = "norm" in name.lower() and name.endswith("weight")
            weight.copy_(torch.randn_like(weight) * spread + (1 if is_gain else 0))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
