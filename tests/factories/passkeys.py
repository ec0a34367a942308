"""A passkey in software: it makes a key pair and signs what a browser would let it sign."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, CARRIES_KEY = 1, 4, 64


@dataclass
class SoftPasskey:
    """One credential; its counter goes up with each answer unless a test sets it."""

    origin: str
    host: str
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    identity: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def makes(self, options: str) -> str:
        """Answer the question to make a passkey."""
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        made = self._shown(CARRIES_KEY) + bytes(16) + len(self.identity).to_bytes(2) + self.identity + public
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": made})
        return self._answer("webauthn.create", options, attestationObject=attested)

    def signs(self, options: str) -> str:
        """Answer the question to show the passkey."""
        self.counter += 1
        shown = self._shown()
        digest = hashlib.sha256(self._client("webauthn.get", options)).digest()
        signature = self.key.sign(shown + digest, ec.ECDSA(hashes.SHA256()))
        return self._answer("webauthn.get", options, authenticatorData=shown, signature=signature)

    def _shown(self, more: int = 0) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([self.flags | more]) + self.counter.to_bytes(4)

    def _client(self, kind: str, options: str) -> bytes:
        said = {"type": kind, "challenge": json.loads(options)["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, kind: str, options: str, **parts: bytes) -> str:
        said = {"clientDataJSON": self._client(kind, options), **parts}
        name = websafe_encode(self.identity)
        response = {part: websafe_encode(value) for part, value in said.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
