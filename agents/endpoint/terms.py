"""Where is an endpoint, and how is it treated? Its address and key; how fast, how often, how long it is asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from syllogym.errors import UserError


@dataclass(kw_only=True)
class Terms:
    """How an endpoint is asked.

    Attributes:
        base_url: of the API, as in ``http://localhost:8000/v1``.
        model: its name there.
        api_key_env: environment variable that holds the key; None sends none. The key itself is read for each request
            and kept nowhere.
        concurrency: requests under way at one time.
        timeout: seconds a request may take, from first to last byte.
        retries: further attempts after a temporary failure.
        backoff: seconds before the first of them; it doubles with each, with jitter. A server's Retry-After is kept.
        requests_per_minute, tokens_per_minute: rate limits, evenly spread; None for no limit.
    """

    base_url: str
    model: str
    api_key_env: str | None = None
    concurrency: int = 16
    timeout: float = 120.0
    retries: int = 5
    backoff: float = 0.5
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None

    def __post_init__(self) -> None:
        url = urlsplit(self.base_url)
        if url.scheme not in ("http", "https") or not url.netloc:
            raise UserError("base_url is an address such as http://localhost:8000/v1; this one has no http(s):// host.")
        if "@" in url.netloc or url.query:  # not quoted: it may hold a key
            raise UserError("base_url holds no user, password or query: name the key's variable in api_key_env.")
        least = {"concurrency": 1, "retries": 0}
        for name in (*least, "timeout", "backoff", "requests_per_minute", "tokens_per_minute"):
            value = getattr(self, name)
            if value is not None and (value < least[name] if name in least else value <= 0):
                bound = f"at least {least[name]}" if name in least else "above 0"
                raise UserError(f"{name} is {bound}; not {value!r}.")

    def url(self, path: str) -> str:
        """Return the address of a part of the API."""
        return f"{self.base_url.rstrip('/')}/{path}"

    def key(self) -> str:
        """Read the key; "" when none is wanted, `UserError` when its variable is not set."""
        if self.api_key_env is None:
            return ""
        key = os.environ.get(self.api_key_env, "").strip()
        if not key:
            raise UserError(
                f"api_key_env: the environment variable {self.api_key_env} is not set, and it should hold the key of "
                f"{self.base_url}."
            )
        return key
