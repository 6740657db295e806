"""Tokens made by an independent library, and issuers that behave: discovery, rotation; and those that do not."""
import base64
import http.server
import json
import threading
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tests.integration.access_house import bearer, local_key
from tests.integration.rest_client import call

PATH = "/api/v1/identity"


class Issuer:
    """Signs tokens, and serves its keys as an OpenID provider does."""

    def __init__(self):
        self.private = {"rsa": rsa.generate_private_key(65537, 2048), "ec": ec.generate_private_key(ec.SECP256R1()),
                        "ed": ed25519.Ed25519PrivateKey.generate()}
        self.algorithms = {"rsa": "RS256", "ec": "ES256", "ed": "EdDSA"}
        self.published = ["rsa", "ec", "ed"]
        self.delay = threading.Event()
        self.delay.set()
        self.asked = 0
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.delay.wait(30)
                if self.path.endswith("/.well-known/openid-configuration"):
                    status, body = 200, json.dumps({"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys"}).encode()
                else:
                    issuer.asked += 1
                    status, body = 200, json.dumps(issuer.jwks()).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # it had seen enough

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/realms/test"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.delay.set()
        self.server.shutdown()
        self.server.server_close()

    def jwks(self):
        makers = {"rsa": jwt.algorithms.RSAAlgorithm, "ec": jwt.algorithms.ECAlgorithm, "ed": jwt.algorithms.OKPAlgorithm}
        return {"keys": [{**json.loads(makers[name].to_jwk(self.private[name].public_key())), "kid": name, "use": "sig"}
                         for name in self.published]}

    def claims(self, **changes):
        now = int(time.time())
        claims = {"iss": self.url, "aud": "modelmora", "sub": "alice", "iat": now, "exp": now + 300,
                  "realm_access": {"roles": ["user"]}, **changes}
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, name="rsa", *, key=None, algorithm=None, headers=None, **changes):
        return jwt.encode(self.claims(**changes), key or self.private[name], algorithm or self.algorithms[name],
                          headers={"kid": name, **(headers or {})})


@pytest.fixture
def issuer():
    issuer = Issuer()
    yield issuer
    issuer.close()


@pytest.fixture
def engine(start_engine, issuer):
    engine = start_engine(flags=["--access", "on", "--jwt-issuer", issuer.url, "--jwt-roles", "ml-team=operator"])
    engine.wait_until(lambda: ask(engine, issuer.token()).status == 200)
    return engine


def ask(engine, token, path=PATH):
    return call(engine, "GET", path, headers=bearer(token))


def test_an_issuers_address_is_all_the_configuration(engine, issuer):
    for name in issuer.private:
        who = ask(engine, issuer.token(name)).json
        assert (who["name"], who["kind"], who["role"]) == ("token:alice", "token", "user")
    roles = {"realm_access": None, "resource_access": {"modelmora": {"roles": ["admin"]}, "other": {"roles": ["viewer"]}}}
    assert ask(engine, issuer.token(**roles)).json["role"] == "admin"
    assert ask(engine, issuer.token(realm_access={"roles": ["ml-team"]})).json["role"] == "operator"
    assert ask(engine, issuer.token(modelmora_models=["org/*"])).json["models"] == ["org/*"]
    assert ask(engine, issuer.token(aud=["account"], azp="modelmora")).status == 200
    nobody = ask(engine, issuer.token(realm_access={"roles": ["offline_access"]}))
    assert nobody.status == 403 and "role" in nobody.json["message"]


def test_what_does_not_hold_is_refused(engine, issuer):
    now = int(time.time())
    stranger = rsa.generate_private_key(65537, 2048)
    public = issuer.private["rsa"].public_key().public_bytes(serialization.Encoding.PEM,
                                                             serialization.PublicFormat.SubjectPublicKeyInfo)
    # pyjwt itself will not sign with a public key: what an attacker would send is put together by hand.
    import hashlib
    import hmac

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    confused = part({"alg": "HS256", "kid": "rsa"}) + b"." + part(issuer.claims())
    confused += b"." + base64.urlsafe_b64encode(hmac.new(public, confused, hashlib.sha256).digest()).rstrip(b"=")
    good = issuer.token()
    head, payload, signature = good.split(".")
    admin = part(issuer.claims(realm_access={"roles": ["admin"]})).decode()
    wrong = {
        "expired": issuer.token(exp=now - 3600),
        "of yesterday, for ever": issuer.token(exp=None),
        "not yet": issuer.token(nbf=now + 3600),
        "from the future": issuer.token(iat=now + 3600),
        "for another": issuer.token(aud="somebody"),
        "from another": issuer.token(iss="https://elsewhere.example"),
        "about nobody": issuer.token(sub=None),
        "forged": issuer.token(key=stranger),
        "changed": f"{head}.{admin}.{signature}",
        "unsigned": jwt.encode(issuer.claims(), None, "none"),
        "stripped": f"{head}.{payload}.",
        "confused": confused.decode(),
        "a shared secret": jwt.encode(issuer.claims(), "x" * 32, "HS256", headers={"kid": "rsa"}),
        "another key's algorithm": issuer.token("ec", headers={"kid": "rsa"}),
        "a stronger hash": issuer.token(algorithm="RS512"),
        "an id token": issuer.token(typ="ID"),
        "junk": "a.b.c",
    }
    for what, token in wrong.items():
        answer = ask(engine, token)
        assert answer.status == 401, f"{what}: {answer.text}"
        assert answer.headers["WWW-Authenticate"]
        assert token not in answer.text and token not in engine.log()
    assert ask(engine, good).status == 200


def test_a_rotated_key_is_fetched_once_and_made_up_ones_do_not_matter(start_engine, issuer):
    issuer.published = ["rsa"]
    engine = start_engine(flags=["--access", "on", "--jwt-issuer", issuer.url])
    engine.wait_until(lambda: ask(engine, issuer.token()).status == 200)
    asked = issuer.asked
    for number in range(50):
        assert ask(engine, issuer.token(headers={"kid": f"made-up-{number}"})).status in (401, 503)
    assert issuer.asked <= asked + 1
    assert ask(engine, issuer.token()).status == 200


def test_keys_that_are_gone_leave_the_old_ones_and_keys_of_ours(engine, issuer, start_engine):
    issuer.close()
    assert ask(engine, issuer.token(jti="after")).status == 200
    # An engine that never had them says so, and lets in whom it knows by itself.
    alone = start_engine(flags=["--access", "on", "--jwt-issuer", issuer.url])
    refused = ask(alone, issuer.token())
    assert refused.status == 503 and int(refused.headers["Retry-After"]) >= 1
    key = local_key(alone.data, "first", "admin")
    alone.wait_until(lambda: ask(alone, key).status == 200)


def test_an_issuer_that_does_not_answer_holds_up_nobody(start_engine, issuer):
    issuer.delay.clear()
    engine = start_engine(flags=["--access", "on", "--jwt-issuer", issuer.url])
    assert ask(engine, issuer.token()).status == 503
    assert call(engine, "GET", "/health/live").status == 200
    issuer.delay.set()
    engine.wait_until(lambda: ask(engine, issuer.token()).status == 200, 60)


def test_keys_come_from_a_file_too(start_engine, issuer, tmp_path):
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps(issuer.jwks()))
    engine = start_engine(flags=["--access", "on", "--jwt-issuer", "https://issuer.example", "--jwt-keys", str(keys)])
    engine.wait_until(lambda: ask(engine, issuer.token(iss="https://issuer.example")).status == 200)
    assert issuer.asked == 0


def test_half_a_configuration_stops_the_engine(start_engine, tmp_path):
    for flags, words in ((["--jwt-issuer", "https://i.example"], "--access on"),
                         (["--access", "on", "--jwt-keys", "x.json"], "jwt-issuer"),
                         (["--access", "on", "--jwt-issuer", "http://i.example"], "https"),
                         (["--access", "on", "--jwt-issuer", "https://i.example", "--jwt-roles", "a=king"], "king"),
                         (["--access", "on", "--client-identities", "x.yaml"], "tls-client-ca")):
        engine = start_engine(flags=flags, ready=False)
        assert engine.wait() in (1, 2)
        assert words in engine.log(), engine.log()
