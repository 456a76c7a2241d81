"""The world of a case: servers that answer as they are told, a proxy, files, an environment, and the command in it.

Python 3.9 or newer, standard library only. Everything binds 127.0.0.1 port 0 and ends with its case. `data` has
certificates and keys made for these cases alone.
"""
import fcntl
import json
import os
import pty
import re
import select
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, 'data')
BINARY = None          # set by run.py
YES = ['--yes']        # for an operation that ends a card that is named
LIMIT = 20             # seconds for a command
CASES = []


class Wrong(Exception):
    """A case's outcome is not the right one."""


class Skip(Exception):
    """A case needs what is not here."""


def case(name, why):
    """Registers a case: its name FAMILY.WHAT, and why the outcome is the right one."""
    def add(function):
        CASES.append((name, why, function))
        return function
    return add


# ---------------------------------------------------------------- records

def card(id, serial, user, state='Issued', **more):
    """A card as CertiFlow since 7.1 lists it."""
    record = {
        'id': id, 'serialNumber': serial, 'cardTypeName': 'IDPrime MD', 'cardModelName': 'IDPrime MD 830',
        'atr': '3B7F96000080318065B0855956FB120FFE829000', 'label': user, 'comment': None, 'tags': [], 'state': state,
        'formFactor': 'SmartCard', 'pacNumber': None, 'expirationDate': '2047-12-03T00:00:00Z',
        'timeIssued': '2024-12-03T11:22:20.1824104Z', 'timeDisabled': None, 'timeUpdated': None, 'timeRevoked': None,
        'userId': '7d0f3c1e-5b2a-4e86-9c47-2f8a61d0b3e%d' % (id % 10), 'userName': 'EXAMPLE\\' + user, 'policyId': 3,
        'policyName': 'Default', 'certificates': [],
    }
    record.update(more)
    return record


def three():
    return [card(1, 'AAAA0001', 'user1'), card(2, 'BBBB0002', 'user2'), card(3, 'CCCC0003', 'user3')]


def many(n):
    return three() + [card(i, 'DD%06d' % i, 'user%d' % i) for i in range(4, n + 1)]


NEXT = {'Disable': 'Disabled', 'Enable': 'Issued', 'Revoke': 'Revoked', 'PreUpdate': 'Issued', 'Withdraw': 'Clean'}


# ---------------------------------------------------------------- servers

class Server:
    """A server over sockets: `handle` gets what was asked and returns the bytes of the answer, or None to cut."""
    base = ''
    host = '127.0.0.1'

    def __init__(self, tls=None):
        self.tls, self.log, self.lock, self.connections, self.stopping = tls, [], threading.Lock(), 0, False
        self.open = set()
        self.listen()

    def listen(self, port=0):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(('127.0.0.1', port))
        self.socket.listen(64)
        self.port = self.socket.getsockname()[1]
        self.stopping = False
        threading.Thread(target=self.accept, args=(self.socket,), daemon=True).start()

    @property
    def url(self):
        return '%s://%s:%d%s' % ('https' if self.tls else 'http', self.host, self.port, self.base)

    def stop(self):
        """Takes no connection any more."""
        self.stopping = True
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def close(self):
        self.stop()
        for connection in list(self.open):
            try:
                connection.close()
            except OSError:
                pass

    def accept(self, listener):
        while not self.stopping:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection, self.connections), daemon=True).start()

    def secured(self, connection, number):
        """The connection with TLS, where there is any."""
        return self.tls.wrap_socket(connection, server_side=True) if self.tls else connection

    def serve(self, connection, number):
        raw = connection
        self.open.add(raw)
        try:
            connection.settimeout(40)
            connection = self.secured(connection, number)
            if connection is None:
                return
            self.open.add(connection)
            stream = connection.makefile('rb')
            while True:
                line = stream.readline()
                if not line:
                    return
                method, target, _ = line.decode('latin-1').split(' ', 2)
                headers = {}
                while True:
                    line = stream.readline().decode('latin-1').strip()
                    if not line:
                        break
                    name, value = line.split(':', 1)
                    headers[name.lower()] = value.strip()
                body = stream.read(int(headers.get('content-length', 0)))
                with self.lock:
                    self.log.append((method, target, headers, body))
                answer = self.handle(method, target, headers, body)
                if answer is None:
                    return
                connection.sendall(answer)
                if b'\r\nConnection: close\r\n' in answer[:2000]:
                    return
        except (OSError, ValueError):
            pass
        finally:
            self.open.discard(connection)
            self.open.discard(raw)
            for one in (connection, raw):
                try:
                    one.close()
                except (OSError, AttributeError):
                    pass

    def asked(self, method):
        return [entry for entry in self.log if entry[0] == method]

    def handle(self, method, target, headers, body):
        return http(404, {'Message': 'No HTTP resource was found'})


def http(status, body=b'', kind='application/json; charset=utf-8', extra=(), reason='X'):
    """The bytes of an answer."""
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode()
    lines = ['HTTP/1.1 %d %s' % (status, reason)]
    if kind and body:
        lines.append('Content-Type: ' + kind)
    lines.append('Content-Length: %d' % len(body))
    return ('\r\n'.join(lines + list(extra)) + '\r\n\r\n').encode('latin-1') + body


SIGN_IN = '<!DOCTYPE html><html><head><title>Sign in</title></head><body><form action="/adfs/ls"></form></body></html>'


def sign_in_page():
    return http(200, SIGN_IN, 'text/html; charset=utf-8')


class CertiFlow(Server):
    """CertiFlow since 7.1, and honest; a case puts functions in the place of what is to be otherwise."""
    base = '/certiflow/api'
    ignored = ()       # filters that the server does not look at
    cap = None         # the most cards of a page
    tags_by = 'tags'

    def __init__(self, cards=None, tls=None, **instead):
        self.cards = three() if cards is None else cards
        self.ops, self.reads = [], 0
        for name, value in instead.items():
            setattr(self, name, value.__get__(self) if callable(value) else value)
        super().__init__(tls)

    def handle(self, method, target, headers, body):
        parts = urllib.parse.urlsplit(target)
        query = dict(urllib.parse.parse_qsl(parts.query))
        path = parts.path
        if not path.startswith(self.base):
            return self.other(method, target)
        path = path[len(self.base):]
        if method == 'GET' and path == '/Cards':
            return self.list(query)
        found = re.match(r'/Cards/([^/]+)$', path)
        if method == 'GET' and found:
            self.reads += 1
            return self.get(urllib.parse.unquote(found[1]))
        found = re.match(r'/Cards/([^/]+)/(\w+)$', path)
        if method == 'POST' and found:
            id, word = urllib.parse.unquote(found[1]), found[2]
            with self.lock:
                self.ops.append((id, word))
            return self.post(id, word)
        return self.other(method, target)

    def other(self, method, target):
        return http(404, {'Message': 'No HTTP resource was found'})

    def matches(self, record, name, value):
        if name in ('tag', 'tags'):
            return value in record['tags']
        if name == 'contentExpirationStatus':
            soon = time.strftime('%Y-%m-%d', time.gmtime(time.time() + 30 * 86400))
            return any(c['validTo'] < soon for c in record['certificates'])
        if name in ('timeIssued', 'timeUpdated', 'timeRevoked'):
            return bool(record[name]) and record[name] >= value
        if name not in record:
            return True
        return str(record[name]).lower() == value.lower()

    def select(self, query):
        """The page of the cards that the filters leave."""
        left = self.cards
        for name, value in query.items():
            if name in ('offset', 'count') or name in self.ignored or '*' in self.ignored:
                continue
            left = [record for record in left if self.matches(record, name, value)]
        offset, count = int(query.get('offset', 0)), int(query.get('count', 500))
        if self.cap:
            count = min(count, self.cap)
        return left[offset:offset + count]

    def list(self, query):
        return http(200, self.select(query))

    def by(self, id):
        return next((record for record in self.cards if str(record['id']) == str(id)), None)

    def get(self, id):
        record = self.by(id)
        return http(200, record) if record else http(404, {'detail': 'no such card'})

    def carry_out(self, id, word):
        self.by(id)['state'] = NEXT[word]

    def post(self, id, word):
        if not self.by(id):
            return http(404, {'detail': 'no such card'})
        self.carry_out(id, word)
        return http(200)


class G1(CertiFlow):
    """The old API, icmapi: a user's cards, and an operation by id; its records are short."""
    base = '/icmapi'

    def handle(self, method, target, headers, body):
        parts = urllib.parse.urlsplit(target)
        query = dict(urllib.parse.parse_qsl(parts.query))
        if method == 'GET' and parts.path == '/icmapi/user/getcards':
            self.reads += 1
            return self.users(query.get('name', ''))
        found = re.match(r'/icmapi/card/(\w+)$', parts.path)
        if method == 'POST' and found:
            word = {'preupdate': 'PreUpdate'}.get(found[1], found[1].capitalize())
            with self.lock:
                self.ops.append((query.get('id'), word))
            return self.post(query.get('id'), word)
        return self.other(method, target)

    def short(self, record):
        return {'id': str(record['id']), **{k: record[k] for k in ('serialNumber', 'atr', 'label', 'state', 'pacNumber')}}

    def users(self, name):
        return http(200, [self.short(record) for record in self.cards if record['userName'].lower() == name.lower()])

    def post(self, id, word):
        self.carry_out(id, word)
        return b'HTTP/1.1 204 No Content\r\n\r\n'


ZERO = '00000000-0000-0000-0000-000000000000'
UUID = ['aaaaaaaa-0000-4000-8000-00000000000%d' % n for n in range(1, 4)]
GUID = ['11111111-1111-4111-8111-11111111111%d' % n for n in range(1, 4)]
REQUEST = 'dddddddd-0000-4000-8000-00000000000d'
RETIRED, ACTIVE, DISABLED = 6, 3, 5


class Mim(Server):
    """MIM CM, and honest."""
    base = '/CertificateManagement'
    status = 3         # of a new request: Approved
    place = 'api/v1.0/requests/' + REQUEST

    def __init__(self, tls=None, **instead):
        self.cards = [self.smartcard(n) for n in range(3)]
        self.ops, self.requests = [], {}
        for name, value in instead.items():
            setattr(self, name, value.__get__(self) if callable(value) else value)
        super().__init__(tls)

    @staticmethod
    def smartcard(n):
        return {'Uuid': UUID[n], 'Status': ACTIVE, 'Flags': 1, 'ParentSmartcardUuid': ZERO,
                'PrimarySmartcardUuid': ZERO, 'PermanentSmartcardUuid': ZERO,
                'AssignedUserUuid': '8f1590dc-d932-4b66-8e68-2e91c588078%d' % n,
                'ProfileTemplateUuid': 'a039b4d0-5ce8-4eff-8651-181c6576fda3', 'ProfileTemplateVersion': 46,
                'Comment': '', 'SerialNumber': '{%s}' % GUID[n], 'Middleware': 'MSBaseCSP',
                'Atr': '3b8d0180fba000000397425446590301c8'}

    def request(self, card, kind=7, status=None, **more):
        record = {'Uuid': REQUEST, 'RequestType': kind, 'Status': self.status if status is None else status, 'Flags': 2,
                  'DataCollection': [], 'DataCollectionFlags': 32, 'OriginatorUserUuid': ZERO, 'TargetUserUuid': ZERO,
                  'Submitted': '2026-11-29T17:40:53.345Z', 'Completed': '0001-01-01T00:00:00', 'NewProfileUuid': ZERO,
                  'OldProfileUuid': ZERO, 'NewSmartcardUuid': card, 'OldSmartcardUuid': card, 'Priority': 0,
                  'Comment': ''}
        record.update(more)
        return record

    def by(self, uuid):
        return next((record for record in self.cards if record['Uuid'] == uuid.lower()), None)

    def handle(self, method, target, headers, body):
        parts = urllib.parse.urlsplit(target)
        query = dict(urllib.parse.parse_qsl(parts.query))
        prefix = self.base + '/api/v1.0/'
        if not parts.path.startswith(prefix):
            return http(404, {'Message': 'No HTTP resource was found'})
        path = urllib.parse.unquote(parts.path[len(prefix):])
        if method == 'GET' and path == 'smartcards':
            return self.find(query)
        found = re.match(r'smartcards/([^/]+)$', path)
        if method == 'GET' and found:
            return self.get(found[1])
        found = re.match(r'smartcards/([^/]+)/operations$', path)
        if method == 'GET' and found:
            return self.allowed(found[1])
        if method == 'POST' and path == 'requests':
            asked = json.loads(body)
            with self.lock:
                self.ops.append(('create', asked['smartcard'].lower(), asked['type']))
            return self.create(asked)
        found = re.match(r'requests/([^/]+)$', path)
        if method == 'GET' and found:
            return self.read_request(found[1])
        if method == 'PUT' and found:
            with self.lock:
                self.ops.append(('complete', found[1], json.loads(body).get('status')))
            return self.complete(found[1])
        found = re.match(r'requests/([^/]+)/smartcards/([^/]+)$', path)
        if method == 'PUT' and found:
            with self.lock:
                self.ops.append(('change', found[2].lower(), json.loads(body).get('status')))
            return self.change(found[2], json.loads(body).get('status'))
        return http(404, {'Message': 'No HTTP resource was found'})

    def find(self, query):
        if 'cardid' in query:
            wanted = query['cardid'].strip('{}').lower()
            found = next((c for c in self.cards if c['SerialNumber'].strip('{}').lower() == wanted), None)
            return http(200, found) if found else b'HTTP/1.1 204 No Content\r\n\r\n'
        return http(200, self.cards)

    def get(self, uuid):
        record = self.by(uuid)
        return http(200, record) if record else b'HTTP/1.1 204 No Content\r\n\r\n'

    def allowed(self, uuid):
        return http(200, ['renew', 'unblock', 'retire', 'revoke'])

    def create(self, asked):
        self.requests[REQUEST] = self.request(asked['smartcard'], {'Retire': 7, 'Revoke': 4, 'Reinstate': 9}.get(asked['type'], 0))
        return http(201, json.dumps(self.place))

    def read_request(self, id):
        return http(200, self.requests[id]) if id in self.requests else http(404, {'Message': 'no such request'})

    def change(self, uuid, status):
        self.by(uuid)['Status'] = {'Retired': RETIRED, 'Disabled': DISABLED, 'Active': ACTIVE}.get(status, RETIRED)
        return http(200, self.by(uuid))

    def complete(self, id):
        self.requests[id]['Status'] = 8
        return http(200, self.requests[id])

    def did(self, what):
        return [op for op in self.ops if op[0] == what]


class Proxy(Server):
    """A proxy: `allow` is asked with the number of the request and its target; None lets it through, bytes refuse."""

    def __init__(self, allow=lambda number, target, headers: None):
        self.allow, self.seen = allow, []
        super().__init__()

    def serve(self, connection, number):
        try:
            connection.settimeout(40)
            stream = connection.makefile('rb', 0)
            head = b''
            while not head.endswith(b'\r\n\r\n'):
                byte = stream.read(1)
                if not byte:
                    return
                head += byte
            lines = head.decode('latin-1').split('\r\n')
            with self.lock:
                self.seen.append((lines[0], {l.split(':', 1)[0].lower(): l.split(':', 1)[1].strip()
                                             for l in lines[1:] if ':' in l}))
                count = len(self.seen)
            refusal = self.allow(count, lines[0], self.seen[-1][1])
            if refusal is not None:
                connection.sendall(refusal)
                return
            method, target, _ = lines[0].split(' ', 2)
            if method == 'CONNECT':
                host, port = target.rsplit(':', 1)
            else:
                parts = urllib.parse.urlsplit(target)
                host, port = parts.hostname, parts.port or 80
            upstream = socket.create_connection(('127.0.0.1', int(port)), 5)
            if method == 'CONNECT':
                connection.sendall(b'HTTP/1.1 200 Connection established\r\n\r\n')
            else:
                upstream.sendall(head)
            while True:
                ready, _, _ = select.select([connection, upstream], [], [], 20)
                if not ready:
                    return
                for one in ready:
                    data = one.recv(65536)
                    if not data:
                        return
                    (upstream if one is connection else connection).sendall(data)
        except (OSError, ValueError):
            pass
        finally:
            connection.close()


def tls(certificate, ciphers=None, newest=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # What the standard library thinks of old algorithms is not what is tried here.
    context.set_ciphers((ciphers or 'ALL') + ':@SECLEVEL=0')
    if newest:
        context.maximum_version = newest
    context.load_cert_chain(os.path.join(DATA, certificate + '.pem'), os.path.join(DATA, certificate + '.key'))
    return context


def data(name):
    return os.path.join(DATA, name)


# ---------------------------------------------------------------- the command

class Result:
    def __init__(self, args, rc, out, err, seconds):
        self.args, self.rc, self.out, self.err, self.seconds = args, rc, out, err, seconds
        self.text = out + err

    def show(self):
        text = re.sub(r'\s+', ' ', (self.out[-260:] + ' | ' + self.err[-420:])).strip()
        return 'exit %s, %r' % (self.rc, text)


class World:
    """A folder of its own, what runs in it, and what is expected of that."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='cases-')
        os.mkdir(os.path.join(self.folder, 'home'))
        self.things, self.journals = [], 0

    def close(self):
        for thing in self.things:
            thing.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep(self, thing):
        self.things.append(thing)
        return thing

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(path, 0o600)
        return path

    def journal(self):
        self.journals += 1
        return os.path.join(self.folder, 'journal-%d.ndjson' % self.journals)

    def environment(self, more=None):
        home = os.path.join(self.folder, 'home')
        env = {'PATH': os.environ.get('PATH', '/usr/bin:/bin'), 'HOME': home, 'XDG_CONFIG_HOME': home + '/.config',
               'XDG_RUNTIME_DIR': home, 'TMPDIR': self.folder, 'TZ': 'UTC', 'LANG': 'C.UTF-8', 'TERM': 'xterm'}
        env.update(more or {})
        return env

    def command(self, *args, env=None, limit=LIMIT, stdin=None, stdout=None):
        """The command as it stands."""
        began = time.monotonic()
        process = subprocess.Popen([BINARY, *args], env=self.environment(env), cwd=self.folder,
                                   stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                                   stdout=subprocess.PIPE if stdout is None else stdout, stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(stdin, timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return Result(args, 'none after %d s' % limit, (out or b'').decode('utf-8', 'backslashreplace'),
                          err.decode('utf-8', 'backslashreplace'), time.monotonic() - began)
        return Result(args, process.returncode, (out or b'').decode('utf-8', 'backslashreplace'),
                      err.decode('utf-8', 'backslashreplace'), time.monotonic() - began)

    def go(self, server, *args, **how):
        """The command against a server."""
        url = server if isinstance(server, str) else server.url
        return self.command(*args, '--url', url, '--auth', 'none', **how)

    def bulk(self, server, *args, journal=None, **how):
        return self.go(server, 'bulk', *args, '--journal', journal or self.journal(), **how)

    def terminal(self, *args, answers=(), env=None, limit=LIMIT):
        """The command at a terminal; `answers` are pairs of what is waited for and what is typed then."""
        began = time.monotonic()
        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 200, 0, 0))
        own = 'import fcntl,os,sys,termios; fcntl.ioctl(0,termios.TIOCSCTTY,0); os.execv(sys.argv[1],sys.argv[1:])'
        process = subprocess.Popen([sys.executable, '-c', own, BINARY, *args], env=self.environment(env),
                                   cwd=self.folder, stdin=side, stdout=side, stderr=side, start_new_session=True)
        os.close(side)
        text, mark, answers, rc = b'', 0, list(answers), None
        while time.monotonic() - began < limit:
            if select.select([main], [], [], 0.05)[0]:
                try:
                    piece = os.read(main, 65536)
                except OSError:
                    piece = b''
                if not piece:
                    break
                text += piece
            if answers and re.search(answers[0][0], text[mark:].decode('utf-8', 'replace')):
                mark = len(text)
                os.write(main, answers.pop(0)[1].encode())
        else:
            process.kill()
            rc = 'none after %d s' % limit
        code = process.wait()
        os.close(main)
        return Result(args, code if rc is None else rc, text.decode('utf-8', 'backslashreplace'), '',
                      time.monotonic() - began)


# ---------------------------------------------------------------- what is right

def right(holds, got, what):
    if not holds:
        raise Wrong('got %s, right is %s' % (got.show() if isinstance(got, Result) else got, what))


def exits(result, *codes):
    right(result.rc in codes, result, 'exit ' + ' or '.join(map(str, codes)))


def fails(result, *but):
    """Any exit code of failure, but not those."""
    right(isinstance(result.rc, int) and 0 < result.rc < 100 and result.rc not in but, result,
          'an exit code of failure' + (' other than %s' % ', '.join(map(str, but)) if but else ''))


def says(result, *patterns):
    for pattern in patterns:
        right(re.search(pattern, result.text, re.I | re.S), result, 'words like /%s/' % pattern)


def hides(result, *patterns):
    for pattern in patterns:
        right(not re.search(pattern, result.text, re.I | re.S), result, 'no words like /%s/' % pattern)


def untouched(server):
    right(not server.ops, 'operations %s' % server.ops[:4], 'no operation sent')


def only(server, *ids):
    """Operations for these cards and no others."""
    wrong = [op for op in server.ops if str(op[0]) not in [str(id) for id in ids]]
    right(not wrong, 'operations %s' % wrong[:4], 'operations for card %s alone' % ', '.join(map(str, ids)))


def once(server, *ids):
    """Each of these cards operated once, and no other."""
    only(server, *ids)
    seen = sorted(str(op[0]) for op in server.ops)
    right(seen == sorted(map(str, ids)), 'operations for %s' % seen[:8], 'one operation for each of %s' % (ids,))


def never_done(result, *codes):
    """The command ends with one of these codes, and nowhere says that it is done."""
    exits(result, *codes)
    hides(result, r'"outcome": ?"done"', r'(?<![\d,])[1-9]\d* done')


def done(result):
    exits(result, 0)
