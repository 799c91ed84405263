"""An operator for an applicative BAL: the lab's Dovecot and Postfix, asking for a client certificate and taking PLAIN."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.lab import mail
from tests.lab.mail import LabMail, missing
from tests.lab.mail_configuration import dovecot_files, postfix_files

BAL = "application"
PASSWORD = "mot de passe du laboratoire"
_DAY = dt.timedelta(days=1)


class ClientPki:
    """An authority of its own for client certificates, as IGC-Santé ORG AUTH_CLI, and a stranger's."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.authority_file = folder / "client-ca.pem"
        authority, key = self._authority("IGC test ORG AUTH_CLI")
        self.authority_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        self.identity = self._holder(folder / "application.p12", authority, key)
        stranger, strange_key = self._authority("Inconnue")
        self.stranger = self._holder(folder / "inconnue.p12", stranger, strange_key)

    def _authority(self, name: str) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
        key = rsa.generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = dt.datetime.now(dt.UTC)
        cert = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - _DAY).not_valid_after(now + 30 * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(
                x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True
            ).sign(key, hashes.SHA256())
        )  # fmt: skip
        return cert, key

    def _holder(self, path: Path, authority: x509.Certificate, signer: rsa.RSAPrivateKey) -> Path:
        key = rsa.generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dui.tilleuls.mss.example")])
        now = dt.datetime.now(dt.UTC)
        cert = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(authority.subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - _DAY).not_valid_after(now + 30 * _DAY)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .sign(signer, hashes.SHA256())
        )  # fmt: skip
        sealed = serialization.BestAvailableEncryption(b"p12")
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"dui", key, cert, [authority], sealed))
        return path


class ApplicativeLab(LabMail):
    """The lab with one applicative BAL more. Without a client certificate of the authority nobody gets in."""

    def __init__(self) -> None:
        super().__init__()
        self.clients = ClientPki(self.folder / "clients")

    def start(self) -> None:
        former = vars(mail)["dovecot_files"], vars(mail)["postfix_files"]
        vars(mail).update(dovecot_files=self._dovecot, postfix_files=self._postfix)
        try:
            super().start()
        finally:
            vars(mail).update(dovecot_files=former[0], postfix_files=former[1])

    def _dovecot(
        self, folder: Path, ports: object, pem: Path, keys: Path, issuer: str, bals: object, owner: object
    ) -> None:
        dovecot_files(folder, ports, pem, keys, issuer, {**mail.BALS, BAL: []}, owner)  # type: ignore[arg-type]
        conf = folder / "dovecot.conf"
        text = conf.read_text().replace(
            "auth_mechanisms = xoauth2 oauthbearer", "auth_mechanisms = plain xoauth2 oauthbearer"
        )
        text += (
            f"\nssl_ca = <{self.clients.authority_file}\nssl_verify_client_cert = yes\nssl_require_crl = no\n"
            "protocol imap {\n  auth_ssl_require_client_cert = yes\n}\n"
            "passdb {\n  driver = passwd-file\n  mechanisms = plain\n"
            f"  args = scheme=PLAIN username_format=%n {folder}/passwords\n}}\n"
        )
        conf.write_text(text)
        (folder / "passwords").write_text(f"{BAL}:{{PLAIN}}{PASSWORD}\n")

    def _postfix(self, folder: Path, ports: object, pem: Path, domain: str, bals: object) -> None:
        postfix_files(folder, ports, pem, domain, {**mail.BALS, BAL: [BAL, f"{BAL}@{domain}"]})  # type: ignore[arg-type]
        main = folder / "etc" / "main.cf"
        main.write_text(
            main.read_text()
            + f"\nsmtpd_tls_req_ccert = yes\nsmtpd_tls_ask_ccert = yes\nsmtpd_tls_CAfile = {self.clients.authority_file}\n"
        )

    def save_to(self, name: str, folder: str, raw: bytes) -> None:
        """Puts one message into a folder of a BAL, as an operator would that keeps copies."""
        command = ["doveadm", "-c", str(self.folder / "dovecot/dovecot.conf"), "save", "-u", name, "-m", folder]
        subprocess.run(command, input=raw, check=True, capture_output=True)


@pytest.fixture(scope="session")
def applicative_lab() -> Iterator[ApplicativeLab]:
    """The running operator; skipped with its reason where it cannot run, failed there with CI=true."""
    if reason := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    lab = ApplicativeLab()
    try:
        lab.start()
        yield lab
    finally:
        lab.stop()
