"""Where an engine is and how it is asked; what is not given comes from the environment."""
from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Union
from urllib.parse import urlsplit

DEFAULT_URL = "http://127.0.0.1:8000"
DEFAULT_TARGET = "127.0.0.1:50051"
GRPC_PORT = 50051

_PathLike = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True)
class Tls:
    """Files in PEM. Without any of them the system's own authorities are trusted."""

    #: Who may have signed the engine's certificate.
    ca_file: Optional[_PathLike] = None
    #: Of this client, where the engine asks for one.
    certificate_file: Optional[_PathLike] = None
    key_file: Optional[_PathLike] = None

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=None if self.ca_file is None else os.fspath(self.ca_file))
        if self.certificate_file is not None:
            context.load_cert_chain(self.certificate_file, self.key_file)
        return context

    def files(self) -> tuple[Optional[bytes], Optional[bytes], Optional[bytes]]:
        """Authorities, key, certificate, as gRPC wants them."""
        return _bytes(self.ca_file), _bytes(self.key_file), _bytes(self.certificate_file)


def _bytes(path: Optional[_PathLike]) -> Optional[bytes]:
    return None if path is None else Path(path).read_bytes()


def base_url_of(given: Optional[str]) -> str:
    url = given or os.environ.get("MODELMORA_URL") or DEFAULT_URL
    url = url if "://" in url else f"http://{url}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"'{url}' is no address of an engine; base_url and MODELMORA_URL want http://host:port")
    if parts.username or parts.query or parts.fragment:
        raise ValueError("base_url and MODELMORA_URL take no user, query or fragment; a key goes into api_key or MODELMORA_KEY")
    return url.rstrip("/")


def target_of(given: Optional[str]) -> str:
    """host:port of gRPC. Of MODELMORA_URL, which names REST, the host is taken."""
    text = given or os.environ.get("MODELMORA_ENGINE")
    if text:
        target = text.partition("://")[2] or text
        return target if urlsplit(f"//{target}").port else f"{target}:{GRPC_PORT}"
    host = urlsplit(os.environ.get("MODELMORA_URL", "")).hostname
    return f"{host}:{GRPC_PORT}" if host else DEFAULT_TARGET


def key_of(given: Optional[str]) -> str:
    key = given if given is not None else os.environ.get("MODELMORA_KEY", "")
    key = key.strip()
    if not key.isascii() or not key.isprintable():
        raise ValueError("an API key consists of visible ASCII characters")
    return key
