"""Links to clips that really expire: presigned the way S3 and R2 do it, checked the same way."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from .answers import Refusal, xml
from .secret import secret_of

DATE = "%Y%m%dT%H%M%SZ"


class Signer:
    """Signs a path and its query with a secret kept in the folder. `now`: seconds since 1970."""

    def __init__(self, folder: Path, now: Callable[[], float]) -> None:
        self._secret = secret_of(folder)
        self._now = now

    def sign(self, path: str, life: int) -> str:
        """`path` with its query, good for `life` seconds and never the same twice."""
        date = datetime.fromtimestamp(self._now(), UTC).strftime(DATE)
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"sandbox/{date[:8]}/auto/s3/aws4_request",
            "X-Amz-Date": date,
            "X-Amz-Expires": str(life),
            "X-Amz-Nonce": secrets.token_hex(8),
            "X-Amz-SignedHeaders": "host",
        }
        return f"{path}?{urlencode(query | {'X-Amz-Signature': self._signature(path, query)})}"

    def check(self, path: str, query: Mapping[str, str]) -> None:
        """Refuses with the storage host's 403: unsigned, tampered with, or expired."""
        unsigned = {name: value for name, value in query.items() if name != "X-Amz-Signature"}
        given = query.get("X-Amz-Signature", "")
        if not given:
            raise Refusal(xml(403, "AccessDenied", "Access Denied"))
        if not hmac.compare_digest(given.encode(), self._signature(path, unsigned).encode()):
            text = "The request signature we calculated does not match the signature you provided."
            raise Refusal(xml(403, "SignatureDoesNotMatch", text))
        signed_at = datetime.strptime(query["X-Amz-Date"], DATE).replace(tzinfo=UTC).timestamp()
        if self._now() >= signed_at + int(query["X-Amz-Expires"]):
            raise Refusal(xml(403, "AccessDenied", "Request has expired"))

    def _signature(self, path: str, query: Mapping[str, str]) -> str:
        asked = f"{path}?{urlencode(sorted(query.items()))}"
        return hmac.new(self._secret, asked.encode(), sha256).hexdigest()
