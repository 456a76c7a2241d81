"""Files that the server writes, and files whose commands are run.

`--tls-self-signed` replaces a certificate as an earlier run wrote it, and nothing else. A config file that its group or
others may write, or that another user owns, is refused where it names a command: exit code 2.
"""

import os

from kit import Refused, Skip, is_root, must, short

KEY = "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n"


def foreign(world, content, name="server.pem", mode=0o600):
    """--tls-self-signed on a file with other content."""
    file = world.path(name)
    file.write_text(content)
    os.chmod(file, mode)
    try:
        world.serve("--cards", 20, "--tls-self-signed", file)
    except Refused as refused:
        must(refused.result.code in (1, 2, 3) and name in refused.result.err, refused.result, "a refusal that names the file")
    now = file.read_text()
    must(now == content, f"the file is now {short(now, 40)}", "the file as it was")


def link(world, target_content="precious\n", dangling=False):
    """--tls-self-signed on a symbolic link."""
    target, name = world.path("target"), world.path("server.pem")
    if not dangling:
        target.write_text(target_content)
    name.symlink_to(target)
    try:
        world.serve("--cards", 20, "--tls-self-signed", name)
    except Refused as refused:
        must(refused.result.code in (1, 2, 3) and "server.pem" in refused.result.err, refused.result, "a refusal that names the file")
    if dangling:
        must(not target.exists(), "a file was made where the link leads", "the link is not followed")
    else:
        must(target.read_text() == target_content, f"its target is now {short(target.read_text(), 40)}", "the link is not followed")


def own(world, times=2):
    """The certificate of an earlier run is replaced; a new file holds no key."""
    file = world.path("server.pem")
    seen = set()
    for _ in range(times):
        server = world.serve("--cards", 20, "--tls-self-signed", file)
        text = file.read_text()
        must("BEGIN CERTIFICATE" in text and "PRIVATE" not in text, short(text, 60), "a certificate alone")
        seen.add(text)
        result = world.run("cards", "--limit", 1, "--ca", file, env={
            "CARDWRIGHT_URL": f"https://127.0.0.1:{server.port}/certiflow/api", "CARDWRIGHT_USER": "demo", "CARDWRIGHT_PASSWORD": server.password})
        must(result.code == 0, result, "a client that trusts the file is served")
        server.stop()
    must(len(seen) == times, f"{len(seen)} certificates in {times} runs", "a new one for each run")


def config(world, key="password_command", mode=0o600, folder_mode=0o700, owner=None, is_refused=True, via="--config"):
    """A config file with a command, which another user may have written."""
    server = world.serve("--cards", 20)
    folder = world.path("config", "cardwright")
    folder.mkdir(mode=0o700)
    file, marker = folder / "config.toml", world.path("was-run")
    script = world.path("give.sh")
    script.write_text(f"#!/bin/sh\n: > '{marker}'\necho '{server.password}'\n")
    os.chmod(script, 0o700)
    text = f'[profile.p]\nurl = "http://127.0.0.1:{server.port}/certiflow/api"\nuser = "demo"\n'
    if key == "client_secret_command":
        text = text.replace('user = "demo"\n', 'issuer = "http://127.0.0.1:9/"\nclient_id = "cardwright"\ntoken_endpoint = "http://127.0.0.1:9/token"\n')
    file.write_text(text + f'{key} = ["{script}"]\n')
    os.chmod(file, mode)
    os.chmod(folder, folder_mode)
    if owner is not None:
        if not is_root():
            raise Skip("only root can give a file away")
        os.chown(file, owner, owner)
    words = ["--config", file] if via == "--config" else []
    result = world.run("cards", "--profile", "p", "--limit", 1, *words)
    if is_refused:
        must(not marker.exists(), f"the command was run; {result}", "the command is not run")
        must(result.code == 2 and str(folder) in result.err, result, "exit code 2, with the file or folder and why")
    else:
        must(result.code == 0 and marker.exists(), result, "the command is run, and the card shown")
