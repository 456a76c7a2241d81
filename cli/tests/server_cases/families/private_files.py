"""The permissions of the registry and of its lock.

An existing folder that others may enter becomes 0700 and its files 0600, or the server does not start and says that
the folder's permissions are why.
"""

import os
import re

from kit import CARD, CERTIFLOW, Refused, Skip, bits, is_root, must

NOBODY = 65534


def open_to_others(folder):
    """The files in a folder, and the folder itself, that the group or others may use."""
    found = []
    for place, folders, files in os.walk(folder):
        for name in [place, *(os.path.join(place, one) for one in files)]:
            if os.lstat(name).st_mode & 0o077:
                found.append(f"{os.path.relpath(name, os.path.dirname(folder))} {bits(name)}")
    return found


def existing_folder(world, mode, umask=0o022, with_registry=False, keep=None):
    """A data folder that was there before, open to others."""
    data = world.path("data")
    if with_registry:
        world.seeded()
        for name in os.listdir(data):
            os.chmod(data / name, 0o666)
    else:
        data.mkdir()
    os.chmod(data, mode)
    try:
        server = world.serve("--data", data, "--cards", 20, preexec_fn=lambda: os.umask(umask))
    except Refused as refused:
        said = refused.result.err.lower()
        must(re.search(r"permission|mode|others|private|0?700", said), refused.result, "a refusal names the folder's permissions")
        return
    server.ask("POST", f"{CERTIFLOW}/Cards/{CARD}/Disable")
    found = open_to_others(data)
    must(not found, "; ".join(found), "files 0600 and the folder 0700, or no start and the reason")


def new_folder(world, umask):
    data = world.path("made", "data")
    data.parent.mkdir(mode=0o755)
    server = world.serve("--data", data, "--cards", 20, preexec_fn=lambda: os.umask(umask))
    server.ask("POST", f"{CERTIFLOW}/Cards/{CARD}/Disable")
    found = open_to_others(data)
    must(not found, "; ".join(found), "files 0600 and the folder 0700")


def temporary(world, umask):
    """Without --data, the registry is in a folder of TMPDIR."""
    server = world.serve("--cards", 20, preexec_fn=lambda: os.umask(umask))
    server.ask("POST", f"{CERTIFLOW}/Cards/{CARD}/Disable")
    found = [line for name in os.listdir(world.path("tmp")) for line in open_to_others(world.path("tmp", name))]
    must(not found, "; ".join(found), "files 0600 and folders 0700")
    server.stop()
    left = os.listdir(world.path("tmp"))
    must(not left, f"{left} is left", "nothing is left when it stops")


def backup(world, umask):
    data = world.seeded()
    result = world.run("backup", "--data", data, world.path("copy.sqlite"), preexec_fn=lambda: os.umask(umask))
    must(result.code == 0, result, "the copy is made")
    must(not os.stat(world.path("copy.sqlite")).st_mode & 0o077, bits(world.path("copy.sqlite")), "the copy is 0600")


def as_nobody(work):
    """Whether work() succeeds for another user."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            work()
            code = 0
        except OSError:
            pass
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def lock(world, file="registry.lock", mode=0o755, seeded_with_umask=0o022):
    """Another user cannot take the lock, which would keep the server from starting."""
    if not is_root():
        raise Skip("only root can try as another user")
    import fcntl

    os.chmod(world.dir, 0o755)
    data = world.path("data")
    data.mkdir()
    os.chmod(data, mode)
    try:
        server = world.serve("--data", data, "--cards", 20, preexec_fn=lambda: os.umask(seeded_with_umask))
    except Refused:
        return
    server.stop()

    def take():
        fcntl.flock(os.open(data / file, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)

    must(not as_nobody(take), f"another user took {file}", "it can be opened by its owner alone")


def second_server(world):
    """Two servers of one user on one folder: the second says so."""
    data = world.seeded()
    world.serve("--data", data)
    try:
        world.serve("--data", data)
    except Refused as refused:
        must(refused.result.code == 1 and "another server uses" in refused.result.err, refused.result, "it says that another server uses the folder")
        return
    must(False, "two servers on one folder", "the second does not start")
