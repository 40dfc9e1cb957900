"""As whom the server runs. PostgreSQL refuses root, so root steps down without making users or opening folders."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import msgspec

from yizhan.foundation.db.binaries import ServerFailed

_NAMESPACE = ("unshare", "--map-user=1000", "--map-group=1000")
_ACCOUNTS = ("yizhan", "postgres", "nobody")
# Programs and data may lie in root's private home, so the account keeps the right to pass there: the first of these
# that we hold ourselves (containers often leave only the second).
_KEPT_RIGHTS = ("dac_read_search", "dac_override")


class Account(msgspec.Struct, frozen=True):
    """`prefix` goes before each command; `uid` and `gid` are of the owner the files must have, None for ourselves."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def own(self, folder: Path) -> None:
        """Gives the account a folder that was just made, with what it may already hold."""
        if self.uid is None or self.gid is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def let_through(self, folder: Path) -> None:
        """Lets the account pass through our private folder, without reading it; the folders above stay as they are."""
        if self.uid is None or self.gid is None:
            return
        os.chown(folder, -1, self.gid)
        folder.chmod(0o710)
        reaches = subprocess.run([*self.prefix, "test", "-x", str(folder)], check=False)  # noqa: S603 - no shell
        if reaches.returncode:
            raise ServerFailed(
                f"the account {_name(self.uid)}, as which PostgreSQL must run here, cannot reach {folder}: "
                "choose a data folder outside private home folders"
            )


def choose_account(cluster: Path) -> Account:
    """Root uses a user namespace, in which the files stay root's own; only where those are forbidden another account.

    A cluster that already belongs to an account keeps it.
    """
    if os.geteuid() != 0:
        return Account()
    owner = cluster.stat().st_uid if cluster.exists() else 0
    if owner != 0:
        return _step_down(owner, cluster.stat().st_gid)
    if namespaces_allowed():
        return Account(_NAMESPACE)
    return _existing_account()


def namespaces_allowed() -> bool:
    if not shutil.which("unshare"):
        return False
    return _runs(_NAMESPACE)


def _existing_account() -> Account:
    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return _step_down(entry.pw_uid, entry.pw_gid)
    raise ServerFailed("PostgreSQL does not run as root: start as another user, or make an account named yizhan")


def _step_down(uid: int, gid: int) -> Account:
    if not shutil.which("setpriv"):
        raise ServerFailed("PostgreSQL does not run as root, and neither unshare nor setpriv is here: use another user")
    plain = ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    for right in _KEPT_RIGHTS:
        # Without the secure bit, access(2), by which initdb looks for its programs, would forget the right again.
        keeps = ("--securebits=+no_setuid_fixup", f"--inh-caps=+{right}", f"--ambient-caps=+{right}")
        if _runs((*plain, *keeps, "--")):
            return Account((*plain, *keeps, "--"), uid, gid)
    return Account((*plain, "--"), uid, gid)


def _runs(prefix: tuple[str, ...]) -> bool:
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0  # noqa: S603 - no shell


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
