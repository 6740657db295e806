"""Bodies that no dialect can use: each is refused in the dialect's own shape, precisely, briefly, and without much memory."""
import json

import pytest
from tests.integration.rest_client import call

OPENAI, RERANK, EMBED, PREDICT, NATIVE = "/v1/embeddings", "/v2/rerank", "/tei/a/b/embed", "/tei/a/b/predict", "/api/v1/infer/a/b"
LIST_OF = {  # where each dialect takes a list of texts
    OPENAI: ("input", lambda value: {"model": "a/b", "input": value}),
    RERANK: ("documents", lambda value: {"model": "a/b", "query": "q", "documents": value}),
    EMBED: ("inputs", lambda value: {"inputs": value}),
    PREDICT: ("inputs", lambda value: {"inputs": value}),
    NATIVE: ("input_data.text", lambda value: {"input_data": {"text": value}}),
}
DIALECTS = list(LIST_OF)
MOST_TOLD = 20_000  # bytes of an error's body


def message(path, answer):
    """What the answer says, found where clients of that dialect look for it."""
    body = answer.json
    if path == OPENAI:
        assert set(body) == {"error"} and set(body["error"]) == {"message", "type", "param", "code"}, body
        return body["error"]["message"]
    if path == RERANK:
        assert {"id", "message"} <= set(body), body
        return body["message"]
    if path in (EMBED, PREDICT):
        assert set(body) == {"error", "error_type"} and body["error_type"] == "validation", body
        return body["error"]
    assert {"error_code", "message", "trace_id"} <= set(body), body
    return body["message"]


def refused(engine, path, raw, statuses=(400, 422), **headers):
    answer = call(engine, "POST", path, raw=raw, headers=headers)
    assert answer.status in statuses, answer.text[:500]
    assert len(answer.body) < MOST_TOLD
    return message(path, answer)


def whole(path, text):
    """A good body of the dialect with `text`, which may be anything but JSON, as its list."""
    return json.dumps(LIST_OF[path][1]("HERE")).encode().replace(b'"HERE"', text)


@pytest.mark.parametrize("path", DIALECTS)
@pytest.mark.parametrize("text, says", [
    (b"[" * 100_000, "nested deeper than"), (b'{"a":' * 100_000, "nested deeper than"),
    (b"NaN", "expected a value"), (b"[Infinity]", "expected a value"), (b"-Infinity", "is not a JSON number"),
    (b'["\\ud800"]', "surrogate"), (b'["\\udc00\\ud800"]', "surrogate"), (b'["\xed\xa0\x80"]', "UTF-8"),
    (b'["a",]', "expected a value"), (b"['a']", "expected a value"), (b'["a\x01"]', "control character"),
    (b'["a', "does not end"), (b"[01]", "is not a JSON number"), (b"[1.]", "is not a JSON number"),
    (b'["a" "b"]', "expected ','"), (b'["\\x41"]', "unknown escape"), (b"[tru]", "expected true"),
])
def test_what_is_no_json_is_told_with_its_place(engine, path, text, says):
    told = refused(engine, path, whole(path, text), (400,))
    assert says in told and "line 1, column" in told, told


@pytest.mark.parametrize("path", DIALECTS)
def test_the_rest_of_the_body_counts_too(engine, path):
    good = whole(path, b'["a"]')
    assert "byte order mark" in refused(engine, path, b"\xef\xbb\xbf" + good, (400,))
    assert "expected nothing more" in refused(engine, path, good + b" {}", (400,))
    assert "expected nothing more" in refused(engine, path, good + b"\x00", (400,))
    assert "UTF-8" in refused(engine, path, good.decode().encode("utf-16"), (400,))
    assert "empty" in refused(engine, path, b"", (400,))
    for other in (b"[]", b"null", b'"text"', b"7"):
        assert "an object" in refused(engine, path, other)


@pytest.mark.parametrize("path", DIALECTS)
def test_a_key_given_twice_is_named(engine, path):
    name = LIST_OF[path][0].split(".", maxsplit=1)[0]
    twice = whole(path, b'["a"]')[:-1] + f', "{name}": 1}}'.encode()
    assert f'the key "{name}" is given twice' in refused(engine, path, twice, (400,))


@pytest.mark.parametrize("path", DIALECTS)
@pytest.mark.parametrize("item", ["null", "true", "1.5", "-1", "1e999", "{}", "[[]]", "99999999999999999999"])
def test_a_hundred_thousand_wrong_items_are_counted_but_not_all_told(engine, path, item):
    before = engine.resident_bytes()
    told = refused(engine, path, whole(path, f"[{','.join([item] * 100_000)}]".encode()))
    assert LIST_OF[path][0] in told and "more)" in told, told
    assert engine.resident_bytes() - before < 64 << 20


@pytest.mark.parametrize("path", DIALECTS)
def test_other_content_types_are_refused_by_name(engine, path):
    good = whole(path, b'["a"]')
    for other in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "json"):
        assert other in refused(engine, path, good, (415,), **{"Content-Type": other})


@pytest.mark.parametrize("path", DIALECTS)
def test_unknown_fields_are_refused_however_many(engine, path):
    body = LIST_OF[path][1](["a"]) | {f"field_{number}" + "x" * 1000: number for number in range(5_000)}
    assert "unknown field" in refused(engine, path, json.dumps(body).encode(), (400, 422))
