"""Clients that are known by their certificates, over REST and gRPC."""
import ssl

import grpc
import httpx
import pytest
import trustme

IDENTITIES = """
identities:
  - {dns: trainer.example.org, name: trainer, role: operator, models: ["org/*"]}
  - {email: app@example.org, role: user}
"""


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def engine(start_engine, authority, tmp_path):
    issued = authority.issue_cert("localhost", "127.0.0.1")
    (tmp_path / "server.pem").write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    (tmp_path / "server.key").write_bytes(issued.private_key_pem.bytes())
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    (tmp_path / "identities.yaml").write_text(IDENTITIES)
    return start_engine(flags=["--access", "on", "--tls-certificate", str(tmp_path / "server.pem"), "--tls-key",
                               str(tmp_path / "server.key"), "--tls-client-ca", str(tmp_path / "ca.pem"),
                               "--client-identities", str(tmp_path / "identities.yaml")])


def over_rest(engine, authority, client, path="/api/v1/identity"):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    client.configure_cert(context)
    with httpx.Client(base_url=f"https://{engine.rest}", verify=context) as http:
        return http.get(path)


def test_a_certificate_stands_for_whom_the_file_says(engine, authority, stubs):
    trainer = authority.issue_cert("trainer.example.org")
    who = over_rest(engine, authority, trainer).json()
    assert (who["name"], who["kind"], who["role"]) == ("certificate:trainer", "certificate", "operator")
    assert over_rest(engine, authority, authority.issue_cert("app@example.org")).json()["role"] == "user"
    stranger = over_rest(engine, authority, authority.issue_cert("stranger.example.org"))
    assert stranger.status_code == 401 and "client-identities" in stranger.json()["message"]
    credentials = grpc.ssl_channel_credentials(authority.cert_pem.bytes(), trainer.private_key_pem.bytes(),
                                               b"".join(blob.bytes() for blob in trainer.cert_chain_pems))
    port = engine.grpc.rsplit(":", 1)[1]
    with grpc.secure_channel(f"localhost:{port}", credentials) as channel:
        access = stubs.access_grpc.AccessServiceStub(channel)
        assert access.GetIdentity(stubs.access.GetIdentityRequest(), timeout=30).name == "certificate:trainer"
        with pytest.raises(grpc.RpcError) as refused:
            access.ListKeys(stubs.access.ListKeysRequest(), timeout=30)
        assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
