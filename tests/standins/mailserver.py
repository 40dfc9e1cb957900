"""A real mail server on loopback: Postfix in front, Dovecot behind, in a folder of its own.

Needs root and the Debian packages postfix, dovecot-imapd, dovecot-pop3d and dovecot-lmtpd. Mail never leaves the
machine: every domain but ours is refused. An address of ours without a mailbox gives a genuine bounce.
"""

import base64
import hashlib
import hmac
import json
import os
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.standins.mailserver_config import DOVECOT, POSTFIX_MAIN, POSTFIX_MASTER

HOST = "127.0.0.1"
DOMAINS = ("shop.test", "customer.test")
REFUSED = "refused@customer.test"  # 550 5.1.1 at RCPT
LATER = "later@customer.test"  # 450 4.2.1 at RCPT
PACKAGES = ("postfix", "dovecot-imapd", "dovecot-pop3d", "dovecot-lmtpd")
_PREFIX = "yzmail-"
_PORTS = ("imap", "imaps", "pop", "pops", "mx", "submission", "submissions")


class MailServer:
    """Ports: imap (STARTTLS), imaps, pop, pops, mx (no log-in, own domains only), submission, submissions."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.host = HOST
        self.ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
        self.ca_file = home / "cert.pem"
        self._token_key = os.urandom(32)

    # users and mail ------------------------------------------------------------------------------------------------

    def add_user(self, address: str, password: str = "secret") -> None:
        with (self.home / "users").open("a") as users:
            users.write(f"{address}:{{PLAIN}}{password}::::::\n")
        # Dovecot looks at the file once a second at most.
        wait_until(lambda: self._knows(address), f"{address} is not known\n{self.log()}", 5)

    def _knows(self, address: str) -> bool:
        command = ["doveadm", "-c", str(self.home / "dovecot.conf"), "user", address]
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0

    def token(self, address: str, life: timedelta = timedelta(hours=1)) -> str:
        """An OAuth access token (a JWT) that Dovecot checks with its own key."""
        now = datetime.now(UTC)
        claims = {
            "sub": address,
            "email": address,
            "iat": int(now.timestamp()) - 60,
            "exp": int((now + life).timestamp()),
            "scope": "mail",
        }
        head = _base64url(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
        signed = f"{head}.{_base64url(json.dumps(claims).encode())}"
        return f"{signed}.{_base64url(hmac.new(self._token_key, signed.encode(), hashlib.sha256).digest())}"

    def deliver(self, raw: bytes, to: str, sender: str = "someone@customer.test") -> None:
        """Through the MX port, as a stranger would; returns when the mailbox has it."""
        before = len(self.mailbox(to))
        with smtplib.SMTP(HOST, self.ports["mx"], timeout=10) as client:
            client.sendmail(sender, [to], raw)
        self.wait_for(to, before + 1)

    def mailbox(self, address: str, folder: str = "") -> list[bytes]:
        """All mails in the order of arrival, as the files hold them."""
        local, _, domain = address.partition("@")
        maildir = self.home / "mail" / f"{local.split('+')[0]}@{domain}" / (f".{folder}" if folder else "")
        found = [path for name in ("new", "cur") for path in (maildir / name).glob("*") if path.is_file()]
        return [path.read_bytes() for path in sorted(found, key=lambda path: path.name)]

    def wait_for(self, address: str, count: int, seconds: float = 15) -> list[bytes]:
        def arrived() -> bool:
            return len(self.mailbox(address)) >= count

        wait_until(arrived, f"{count} mails for {address}\n{self.log()}", seconds)
        return self.mailbox(address)

    def renumber(self, address: str) -> None:
        """What a restored mailbox looks like: a new UIDVALIDITY, all UIDs changed."""
        maildir = self.home / "mail" / address
        deadline = time.monotonic() + 10
        while _is_open(maildir) and time.monotonic() < deadline:
            continue  # whoever logged out a moment ago still writes down what he knew
        for name in maildir.glob("dovecot*"):
            name.unlink()
        (maildir / "dovecot-uidvalidity").unlink(missing_ok=True)

    def log(self) -> str:
        files = (self.home / "postfix.log", self.home / "dovecot.log")
        return "".join(file.read_text(errors="replace")[-3000:] for file in files if file.exists())

    # life ----------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        if os.geteuid() != 0 or shutil.which("postfix") is None or shutil.which("dovecot") is None:
            raise RuntimeError(f"tests marked `mail` need root and: apt-get install {' '.join(PACKAGES)}")
        _write_certificate(self.home)
        (self.home / "users").touch()
        mail = self.home / "mail"
        mail.mkdir()
        shutil.chown(mail, "mail", "mail")
        self._write_token_key()
        self._write_dovecot()
        self._write_postfix()
        _run("dovecot", "-c", str(self.home / "dovecot.conf"))
        _run("postfix", "-c", str(self.home / "postfix"), "start")
        wait_until(lambda: all(map(_listens, self.ports.values())), f"not all ports listen\n{self.log()}", 20)

    def stop(self) -> None:
        _stop_servers(self.home)

    def _write_token_key(self) -> None:
        folder = self.home / "keys/default/HS256"
        folder.mkdir(parents=True)
        (folder / "default").write_bytes(base64.b64encode(self._token_key))
        (self.home / "oauth2.conf").write_text(
            f"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={self.home}/keys/\n"
            "username_attribute = email\n"
        )

    def _write_dovecot(self) -> None:
        (self.home / "dovecot.conf").write_text(DOVECOT.format(home=self.home, host=HOST, **self.ports))

    def _write_postfix(self) -> None:
        folder = self.home / "postfix"
        folder.mkdir()
        for name in ("queue", "data"):
            (self.home / name).mkdir()
        shutil.chown(self.home / "data", "postfix")
        values = {"home": self.home, "domains": ", ".join(DOMAINS), "refused": REFUSED, "later": LATER}
        (folder / "main.cf").write_text(POSTFIX_MAIN.format(**values))
        (folder / "master.cf").write_text(POSTFIX_MASTER.format(host=HOST, **self.ports))


@contextmanager
def running() -> Iterator[MailServer]:
    # Not under pytest's folder: that one is closed to the users the servers run as, and socket paths must be short.
    _clear_up_after_killed_runs()
    home = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    home.chmod(0o755)
    server = MailServer(home)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def _stop_servers(home: Path) -> None:
    for pid in (home / "queue/pid/master.pid", home / "run/master.pid"):
        number = pid.read_text().strip() if pid.exists() else ""
        command = Path("/proc", number or "none", "cmdline")
        # The number may belong to somebody else by now.
        if command.exists() and any(name in command.read_bytes() for name in (b"dovecot", b"master")):
            _end(int(number))


def _clear_up_after_killed_runs() -> None:
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        run = left.name.removeprefix(_PREFIX).split("-")[0]
        if run.isdigit() and _ended(int(run)):
            _stop_servers(left)
            shutil.rmtree(left, ignore_errors=True)


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    with running() as server:
        yield server


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def wait_until(condition: Callable[[], bool], otherwise: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(0.02)  # another process's progress has no clock of ours


def _listens(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex((HOST, port)) == 0


def _run(*command: str) -> None:
    # A file, not a pipe: the daemons inherit it and would keep a pipe open for ever.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, timeout=60, check=False)
        said.seek(0)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {said.read().decode(errors='replace')}")


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: _ended(pid), f"{pid} does not end", 10)
    except ProcessLookupError:
        return
    except TimeoutError:
        os.kill(pid, signal.SIGKILL)


def _ended(pid: int) -> bool:
    """A zombie has ended too: in a container nobody may reap the orphans."""
    try:
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _write_certificate(home: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mx.shop.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (home / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (home / "key.pem").write_bytes(private)
    ssl.create_default_context(cafile=str(home / "cert.pem"))


def _is_open(folder: Path) -> bool:
    """Whether any process has a file there open."""
    for held in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if held.readlink().is_relative_to(folder):
                return True
        except OSError:
            continue  # it ended, or closed it
    return False
