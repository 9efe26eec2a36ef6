"""The private PostGIS is there when it is needed, whatever was killed, full, stale or in the way."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gis.changes.log import life
from gis.cluster import database, programs, status, tuning
from gis.cluster.address import _Server, _unfit_postgis, checked
from gis.cluster.errors import (
    AddressRefusedError,
    DamagedDataError,
    DatabaseRefusedError,
    DiskFullError,
    NoDirectoryError,
    NoPostgisError,
    NotOursError,
    ProgramsGoneError,
    SocketDirectoryError,
    UnreachableError,
)
from gis.cluster.place import Place, place, provided_place
from gis.cluster.server import start, stop
from gis.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]
IS_ROOT = os.geteuid() == 0
as_root_only = pytest.mark.skipif(not IS_ROOT, reason="only root can become somebody else or mount a small disk")

# Holds the database until its standard input ends, and says which server it found.
HOLDER = """
import sys
from pathlib import Path
import psycopg
from gis.cluster import database
from gis.settings import Settings
with database(Settings(local_dir=Path(sys.argv[1]))) as url:
    with psycopg.connect(url) as connection:
        print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0], flush=True)
    sys.stdin.read()
"""

try:
    programs.newest()
except NoPostgisError as lacking:
    pytest.skip(str(lacking), allow_module_level=True)


@pytest.fixture(scope="module", autouse=True)
def private() -> Iterator[None]:
    """Let no test, nor any process it starts, take the database of the surroundings for one it may kill."""
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.delenv("QUYHOACH_DATABASE_URL", raising=False)
        yield


@pytest.fixture
def directory() -> Iterator[Path]:
    """Yield an empty directory that every user can reach, which pytest's own is not."""
    made = Path(tempfile.mkdtemp(prefix="quyhoach-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def made(private: None) -> Iterator[Path]:
    """Yield a local directory whose server was made once and is stopped, to be copied."""
    local = Path(tempfile.mkdtemp(prefix="quyhoach-test-"))
    local.chmod(0o755)
    with database(Settings(local_dir=local)):
        pass
    yield local
    shutil.rmtree(local)


@pytest.fixture
def local(made: Path, directory: Path) -> Path:
    """Return a local directory of one's own with a server that was made, used and stopped."""
    copy = directory / "local"
    subprocess.run(["cp", "-a", made, copy], check=True)
    return copy


@contextmanager
def holder(local: Path) -> Iterator[subprocess.Popen[str]]:
    """Run another process that uses the database until the block ends."""
    command = [sys.executable, "-c", HOLDER, local]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.communicate()


def started_at(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def command(url: str, text: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(text.encode())


def is_running(local: Path) -> bool:
    return status(Settings(local_dir=local)).is_running


def server_process(local: Path) -> int:
    process = status(Settings(local_dir=local)).process
    assert process is not None
    return process


# --- What it is -----------------------------------------------------------------------------------------------------


def test_the_first_start_makes_a_database_with_postgis_behind_a_socket_alone(directory: Path):
    with database(Settings(local_dir=directory / "local")) as url, psycopg.connect(url) as connection:
        row = connection.execute("""
            SELECT
                postgis_lib_version() >= '3.2', current_setting('server_encoding'), current_setting('listen_addresses'),
                current_setting('fsync'), current_setting('synchronous_commit'), current_setting('jit'),
                inet_server_addr()
        """).fetchone()
        assert row == (True, "UTF8", "", "on", "on", "off", None)
        upper = connection.execute("SELECT upper('đường')").fetchone()
        assert upper == ("ĐƯỜNG",)


def test_the_role_is_no_superuser_and_makes_databases_that_have_postgis(local: Path):
    with database(Settings(local_dir=local)) as url:
        assert ask(url, "SELECT current_setting('is_superuser')") == "off"
        command(url, "CREATE DATABASE another")
        assert ask(make_conninfo(url, dbname="another"), "SELECT ST_SRID(ST_Point(1, 2, 5899))") == 5899
        # Without it a database in which the server is just cleaning up cannot be dropped by force.
        assert ask(url, "SELECT pg_has_role('pg_signal_backend', 'USAGE')") is True
        command(url, "DROP DATABASE another WITH (FORCE)")


def test_what_was_stored_is_there_at_the_next_start(local: Path):
    with database(Settings(local_dir=local)) as url:
        command(url, "CREATE TABLE kept AS SELECT 7 AS seven")
    assert not is_running(local)
    with database(Settings(local_dir=local)) as url:
        assert ask(url, "SELECT seven FROM kept") == 7


def test_the_variables_of_other_servers_are_not_heeded(local: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGDATABASE", "nothing")
    with database(Settings(local_dir=local)) as url:
        assert ask(url, "SELECT current_database()") == "quyhoach"


def test_memory_is_measured_out_for_the_machine(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tuning, "memory_bytes", lambda: 2 * 1024**3)
    text = tuning.configuration(sockets=Path("/s"), cluster_name="c")
    for line in ("shared_buffers = 256MB", "effective_cache_size = 1024MB", "work_mem = 8MB"):
        assert f"{line}\n" in text


# --- Who uses it ----------------------------------------------------------------------------------------------------


def test_the_server_stops_with_its_last_user_and_not_before(local: Path):
    with database(Settings(local_dir=local)) as url:
        with database(Settings(local_dir=local)):
            pass
        assert ask(url, "SELECT 1") == 1
        with holder(local) as other:
            assert started_at(other)
        assert ask(url, "SELECT 1") == 1
    assert not is_running(local)


def test_four_starts_at_once_make_one_server(directory: Path):
    local = directory / "local"
    with holder(local) as first, holder(local) as second, holder(local) as third, holder(local) as fourth:
        assert len({started_at(process) for process in (first, second, third, fourth)} - {""}) == 1
    assert not is_running(local)


def test_a_killed_program_leaves_the_server_to_the_next_one(local: Path):
    with holder(local) as killed:
        began = started_at(killed)
        killed.kill()
        killed.wait()
        assert is_running(local)
        with holder(local) as following:
            assert started_at(following) == began
    assert not is_running(local)


def test_the_status_tells_without_starting_anything(local: Path):
    stopped = status(Settings(local_dir=local))
    assert (stopped.is_running, stopped.process) == (False, None)
    assert int(stopped.postgres) >= programs.OLDEST_MAJOR
    with database(Settings(local_dir=local)):
        running = status(Settings(local_dir=local))
    assert running.is_running
    assert running.postgis.startswith("3.")
    assert running.size_bytes is not None
    assert running.size_bytes > 20_000_000


# --- What was killed ------------------------------------------------------------------------------------------------


def test_a_killed_server_comes_back_with_what_was_committed(local: Path):
    with database(Settings(local_dir=local)) as url:
        command(url, "CREATE TABLE kept AS SELECT 7 AS seven")
        # A session deep in its work does not notice that its server was killed.
        busy = psycopg.connect(url)
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000) AS a")
        os.kill(server_process(local), signal.SIGKILL)
        with database(Settings(local_dir=local)) as again:
            assert ask(again, "SELECT seven FROM kept") == 7
        busy.close()
    assert not is_running(local)


def test_a_crash_of_one_session_begins_another_life_of_the_database(local: Path):
    with database(Settings(local_dir=local)) as url:
        before = ask(url, life().decode())
        assert ask(url, life().decode()) == before
        with psycopg.connect(url) as session:
            os.kill(session.info.backend_pid, signal.SIGKILL)
            session.close()
        for _ in range(100):
            with suppress(psycopg.OperationalError):
                after = ask(url, life().decode())
                if after != before:
                    return
            time.sleep(0.1)
    raise AssertionError(f"after the crash the life of the database is still {before}")


def test_a_server_that_is_slow_to_name_itself_is_not_taken_for_a_killed_one(local: Path, directory: Path):
    real = programs.newest()
    slow = directory / "postgres"
    slow.write_text(f'#!/bin/sh\nsleep 1\nexec {real.postgres} "$@"\n')
    slow.chmod(0o755)
    found = place(local)
    began = time.monotonic()
    start(found, programs=replace(real, directory=directory))
    try:
        assert time.monotonic() - began > 1
        assert ask(found.url(), "SELECT 1") == 1
    finally:
        stop(found)
    assert not is_running(local)


def test_a_stale_file_with_the_number_of_another_program_is_seen_through(local: Path):
    found = place(local)
    bystander = subprocess.Popen(["sleep", "60"], cwd="/", **found.account.identity)
    try:
        stale = found.data / "postmaster.pid"
        stale.write_text(
            f"{bystander.pid}\n{found.data}\n1700000000\n5432\n{found.sockets}\n\n  5432001    0\nready   \n"
        )
        found.account.owns(stale)
        (found.sockets / ".s.PGSQL.5432.lock").write_text(f"{bystander.pid}\n")
        with database(Settings(local_dir=local)) as url:
            assert ask(url, "SELECT 1") == 1
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_data_directory_that_was_interrupted_is_made_again(directory: Path):
    local = directory / "local"
    with holder(local) as killed:
        unfinished = local / "postgres" / "data.unfinished"
        _wait_for((unfinished / "base").exists)
        killed.kill()
    assert not (local / "postgres" / "data").exists()
    with database(Settings(local_dir=local)) as url:
        assert ask(url, "SELECT postgis_lib_version()")
    assert not unfinished.exists()


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


# --- Where it is ----------------------------------------------------------------------------------------------------


def test_a_long_path_with_blanks_and_accents_is_borne(directory: Path, made: Path):
    local = directory / "thư mục dữ liệu của thành phố" / ("rất-dài-" * 8)
    local.parent.mkdir()
    subprocess.run(["cp", "-a", made, local], check=True)
    with database(Settings(local_dir=local)) as url:
        sockets = Path(str(conninfo_to_dict(url)["host"]))
        assert ask(url, "SELECT 1") == 1
    assert sockets.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(sockets)


def test_a_socket_directory_that_others_can_enter_is_refused(local: Path):
    place(local).sockets.chmod(0o755)
    with pytest.raises(SocketDirectoryError, match="alone can enter"), database(Settings(local_dir=local)):
        pass


@as_root_only
def test_other_users_of_the_machine_are_locked_out(local: Path):
    with database(Settings(local_dir=local)) as url:
        assert _as_user("nobody", lambda: psycopg.connect(url)) == "OperationalError"


@as_root_only
def test_an_ordinary_user_has_a_server_of_his_own(directory: Path):
    user = pwd.getpwnam("nobody")
    os.chown(directory, user.pw_uid, user.pw_gid)

    def use() -> None:
        with database(Settings(local_dir=directory / "local")) as url:
            assert ask(url, "SELECT postgis_lib_version()")
            assert Path(f"/proc/{server_process(directory / 'local')}").stat().st_uid == user.pw_uid

    assert _as_user("nobody", use) == ""
    # Root finds that user's data and goes on as that user; files keep their owner.
    with database(Settings(local_dir=directory / "local")) as url:
        assert ask(url, "SELECT 1") == 1
    assert _as_user("nobody", use) == ""


@as_root_only
def test_data_of_another_user_are_refused_in_one_sentence(local: Path):
    def use() -> None:
        with (
            pytest.raises(NotOursError, match=r"belongs to .* cannot be used by nobody"),
            database(Settings(local_dir=local)),
        ):
            pass

    assert _as_user("nobody", use) == ""


@as_root_only
def test_data_move_out_of_a_directory_that_the_server_cannot_reach(directory: Path, caplog: pytest.LogCaptureFixture):
    directory.chmod(0o700)
    local = directory / "local"
    before = os.umask(0o077)
    try:
        with database(Settings(local_dir=local)) as url:
            assert ask(url, "SELECT 1") == 1
        kept = (local / "postgres").readlink()
        assert kept.parent == Path("/var/lib/quyhoach")
        assert str(kept) in caplog.text
        with database(Settings(local_dir=local)) as url:
            assert ask(url, "SELECT 1") == 1
    finally:
        os.umask(before)
        shutil.rmtree((local / "postgres").resolve())
        with suppress(OSError):
            Path("/var/lib/quyhoach").rmdir()


@as_root_only
def test_data_that_the_server_cannot_reach_any_more_stay_where_they_are(directory: Path):
    local = directory / "local"
    with database(Settings(local_dir=local)) as url:
        command(url, "CREATE TABLE kept (n integer)")
    directory.chmod(0o700)
    with pytest.raises(UnreachableError, match=r"cannot reach the database in .*postgres: a directory above it"):
        provided_place(local)
    directory.chmod(0o755)
    with database(Settings(local_dir=local)) as url:
        assert ask(url, "SELECT count(*) FROM kept") == 0


def _as_user(name: str, work: Callable[[], object]) -> str:
    """Do something as another user; return the class of the error it ended with, empty for none."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        user = pwd.getpwnam(name)
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        try:
            work()
            said = ""
        except BaseException as error:  # noqa: BLE001 - told to the parent, which judges it
            said = type(error).__name__
            print(error, file=sys.stderr)
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()


# --- What is lacking ------------------------------------------------------------------------------------------------


@contextmanager
def small_disk(directory: Path, *, size_mb: int) -> Iterator[Path]:
    disk = directory / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=755", "tmpfs", disk], check=False)
    if mounted.returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


@as_root_only
def test_a_full_disk_is_one_sentence_before_the_database_is_made(directory: Path):
    with small_disk(directory, size_mb=30) as disk:
        refused = _refusal(disk / "local", DiskFullError)
    assert "The disk is full" in refused
    assert "\n" not in refused


@as_root_only
def test_a_full_disk_is_one_sentence_when_the_database_is_there(directory: Path, made: Path):
    with small_disk(directory, size_mb=400) as disk:
        local = disk / "local"
        subprocess.run(["cp", "-a", made, local], check=True)
        with (disk / "filling").open("wb", buffering=0) as filling, suppress(OSError):
            while True:
                filling.write(bytes(4096))
        refused = _refusal(local, DiskFullError)
        (disk / "filling").unlink()
        with database(Settings(local_dir=local)) as url:
            assert ask(url, "SELECT 1") == 1
    assert "The disk is full" in refused


def test_a_directory_made_by_a_postgresql_that_is_gone_is_kept_and_named(local: Path):
    (local / "postgres" / "data" / "PG_VERSION").write_text("9\n")
    assert "was made by PostgreSQL 9, which is not installed" in _refusal(local, ProgramsGoneError)


def test_a_directory_that_lost_its_files_is_not_overwritten(local: Path):
    (local / "postgres" / "data" / "PG_VERSION").unlink()
    assert "has no PG_VERSION" in _refusal(local, DamagedDataError)


def test_a_server_that_does_not_start_shows_the_end_of_its_log(local: Path):
    (local / "postgres" / "data" / "global" / "pg_control").unlink()
    assert "pg_control" in _refusal(local, DatabaseRefusedError)


@pytest.mark.parametrize(
    ("versions", "sentence"),
    [
        ([], "none is installed"),
        (["15.4"], "PostgreSQL 15 is installed without it; on Debian .* postgresql-15-postgis-3"),
    ],
)
def test_a_missing_postgis_is_named(
    directory: Path, monkeypatch: pytest.MonkeyPatch, versions: list[str], sentence: str
):
    for version in versions:
        for name in ("postgres", "initdb"):
            program = directory / f"pg{version}" / "bin" / name
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
            program.chmod(0o755)
    # Elsewhere than where a PostgreSQL of this machine is found.
    monkeypatch.setattr(programs, "_PLACES", (f"{str(directory)[1:]}/*/bin",))
    monkeypatch.setattr(programs, "_shares", lambda *_: iter(()))
    monkeypatch.setattr(programs.shutil, "which", lambda _: None)
    with pytest.raises(NoPostgisError, match=sentence):
        programs.newest()


def test_a_local_directory_that_is_none_is_refused(tmp_path: Path):
    (tmp_path / "file").touch()
    assert "it is no directory; set QUYHOACH_LOCAL_DIR to" in _refusal(tmp_path / "file", NoDirectoryError)
    assert "Not a directory" in _refusal(tmp_path / "file" / "local", NoDirectoryError)


def _refusal(local: Path, kind: type[DatabaseRefusedError]) -> str:
    with pytest.raises(kind) as refused, database(Settings(local_dir=local)):
        pass
    return str(refused.value)


# --- Another database -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(made: Path) -> Iterator[Place]:
    """Yield the place of a running server, for databases that are as needed and others that are not."""
    with database(Settings(local_dir=made)) as url:
        if not ask(url, "SELECT (string_to_array(postgis_lib_version(), '.'))[:2]::integer[] >= ARRAY[3, 3]"):
            pytest.skip("the PostGIS of this machine is older than what is asked of other servers")
        yield place(made)


def _made_database(server: Place, name: str, *options: str) -> str:
    """Make a database that belongs to the superuser; return its address for the ordinary role."""
    command(
        server.url(role="postgres", dbname="postgres"), f"CREATE DATABASE {name} TEMPLATE template0 {' '.join(options)}"
    )
    return server.url(dbname=name)


def test_a_database_that_is_as_needed_is_used_and_not_stopped(server: Place):
    url = server.url()
    with database(Settings(database_url=url)) as given:
        assert given == url
    assert ask(url, "SELECT 1") == 1


def test_a_missing_extension_is_installed_where_the_rights_allow(server: Place):
    _made_database(server, "bare")
    assert checked(server.url(role="postgres", dbname="bare"))
    assert ask(server.url(dbname="bare"), "SELECT postgis_lib_version()")


@pytest.mark.parametrize(
    ("options", "preparation", "sentence"),
    [
        ("", "SELECT 1", "may not create schemas in it; let its owner GRANT CREATE"),
        ("OWNER quyhoach", "SELECT 1", "PostGIS is not installed in it .*; let an administrator run CREATE EXTENSION"),
        ("OWNER quyhoach ENCODING 'LATIN1' LOCALE 'C'", "SELECT 1", "its encoding is LATIN1; create"),
        ("OWNER quyhoach", "ALTER DATABASE {name} SET default_transaction_read_only = on", "it can only be read"),
        (
            "OWNER quyhoach",
            "CREATE SCHEMA apart; CREATE EXTENSION postgis SCHEMA apart",
            "in the schema apart; install",
        ),
    ],
    ids=["no-right", "no-extension", "latin1", "read-only", "other-schema"],
)
def test_a_database_that_is_not_as_needed_is_refused(
    server: Place, request: pytest.FixtureRequest, options: str, preparation: str, sentence: str
):
    name = request.node.callspec.id.replace("-", "_")
    url = _made_database(server, name, options)
    prepare = sql.SQL(preparation).format(name=sql.Identifier(name)).as_string()
    command(server.url(role="postgres", dbname=name), prepare)
    with pytest.raises(AddressRefusedError, match=sentence):
        checked(url)


def test_an_old_postgis_is_refused():
    old = _Server(
        150_000,
        "15.0",
        "UTF8",
        may_create=True,
        is_read_only=False,
        postgis="3.2.9",
        postgis_schema="public",
        offered_postgis="3.2.9",
    )
    assert next(_unfit_postgis(old))[0] == "its PostGIS is 3.2.9"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://planner:geheim@127.0.0.1:1/city", "cannot be reached"),
        ("host=/nowhere user=planner password=geheim", "cannot be reached"),
        ("postgresql+psycopg://planner:geheim@localhost/city", "not an address of PostgreSQL; give postgresql://"),
        ("mysql geheim", "not an address of PostgreSQL; give postgresql://"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_without_its_password(url: str, sentence: str):
    with pytest.raises(AddressRefusedError, match=sentence) as refused, database(Settings(database_url=url)):
        pass
    assert "geheim" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert "geheim" not in repr(Settings(database_url=url))


def test_a_place_is_provided_twice_without_harm(local: Path):
    assert provided_place(local) == provided_place(local)
