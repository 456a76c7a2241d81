"""What is read from files and headers, and what is said."""
import json
import subprocess
import time

from world import *

BOM = b'\xef\xbb\xbf'


# --- a byte order mark

MARK = 'programs of Windows begin a UTF-8 file with a byte order mark; it is no part of the text (Unicode 23.8)'


@case('texts.bom.from-serials', MARK)
def from_serials(w):
    server = w.keep(CertiFlow())
    result = w.bulk(server, 'disable', '--from', w.file('s.txt', BOM + b'AAAA0001\r\nCCCC0003\r\n'), '--serials', '--expect', '2')
    done(result)
    once(server, 1, 3)


@case('texts.bom.from-ids', MARK)
def from_ids(w):
    server = w.keep(CertiFlow())
    result = w.bulk(server, 'disable', '--from', w.file('s.txt', BOM + b'1\r\n3\r\n'), '--expect', '2')
    done(result)
    once(server, 1, 3)


@case('texts.bom.from-stdin', MARK)
def from_stdin(w):
    server = w.keep(CertiFlow())
    result = w.bulk(server, 'disable', '--from', '-', '--expect', '2', stdin=BOM + b'1\n3\n')
    done(result)
    once(server, 1, 3)


@case('texts.bom.from-comment', MARK)
def from_comment(w):
    server = w.keep(CertiFlow())
    result = w.bulk(server, 'disable', '--from', w.file('s.txt', BOM + b'# leavers\n1\n'), '--expect', '1')
    done(result)
    once(server, 1)


def secure(certificate='server'):
    server = CertiFlow(tls=tls(certificate))
    server.host = 'localhost'
    return server


@case('texts.bom.ca', MARK)
def ca(w):
    server = w.keep(secure())
    with open(data('ca.pem'), 'rb') as file:
        pem = file.read()
    done(w.go(server, 'cards', '--ca', w.file('ca.pem', BOM + pem)))


@case('texts.bom.card-script', MARK)
def script(w):
    path = w.file('card.json', BOM + json.dumps({'about': 'a card', 'atr': '3B8F8001804F0CA000000306030001000000006A',
                                                 'FFCA0000*': '04A1B2C3D4E5809000'}).encode())
    plain = w.command('virtual-card', path, '--port', '1', limit=3)
    hides(plain, 'expected value', 'line 1')


@case('texts.bom.answer', 'an answer that begins with a byte order mark is read')
def answer(w):
    server = w.keep(CertiFlow(list=lambda s, q: http(200, BOM + json.dumps(s.select(q)).encode())))
    done(w.go(server, 'disable', '--serial', 'AAAA0001'))
    once(server, 1)


@case('texts.bom.config', 'the config file may begin with one')
def config(w):
    server = w.keep(CertiFlow())
    path = w.file('c.toml', BOM + ('[profile.t]\nurl = "%s"\nauth = "none"\n' % server.url).encode())
    done(w.command('cards', '--config', path, '--profile', 't'))


# --- Retry-After

def date(seconds):
    return time.strftime('%a, %d %b %Y %H:%M:%S GMT', time.gmtime(time.time() + seconds))


def busy_once(status, after, dated=True):
    def list(self, query):
        if len(self.asked('GET')) == 1:
            extra = ['Retry-After: ' + after()] + (['Date: ' + date(0)] if dated else [])
            return http(status, 'busy', 'text/plain', extra)
        return CertiFlow.list(self, query)
    return list


for status in (429, 503):
    for dated in (True, False):
        @case('texts.retry-after.date-%d%s' % (status, '' if dated else '-without-date'), 'RFC 9110, 10.2.3: Retry-After is a number of '
              'seconds or an HTTP date')
        def waits(w, status=status, dated=dated):
            server = w.keep(CertiFlow(list=busy_once(status, lambda: date(4), dated)))
            result = w.go(server, 'cards', '--format', 'csv')
            done(result)
            right(result.seconds >= 2.7, 'asked again after %.1f s' % result.seconds, '3 s or more')


@case('texts.retry-after.date-in-bulk', 'RFC 9110, 10.2.3: the whole run waits')
def bulk_waits(w):
    def post(self, id, word):
        if len(self.ops) == 1:
            return http(429, '', extra=['Retry-After: ' + date(4)])
        return CertiFlow.post(self, id, word)
    server = w.keep(CertiFlow(post=post))
    result = w.bulk(server, 'disable', '--serial', 'AAAA0001', '--expect', '1')
    done(result)
    right(result.seconds >= 2.7 and len(server.ops) == 2, 'sent again after %.1f s, %d times' % (result.seconds, len(server.ops)),
          'sent again after 3 s or more, once')


@case('texts.retry-after.date-gone-by', 'a date that has gone by means: now')
def gone_by(w):
    server = w.keep(CertiFlow(list=busy_once(503, lambda: date(-3600))))
    result = w.go(server, 'cards', '--format', 'csv')
    done(result)
    right(result.seconds < 3, '%.1f s' % result.seconds, 'at once')


@case('texts.retry-after.seconds', 'the plain case')
def seconds(w):
    server = w.keep(CertiFlow(list=busy_once(503, lambda: '2')))
    result = w.go(server, 'cards', '--format', 'csv')
    done(result)
    right(result.seconds >= 1.9, '%.1f s' % result.seconds, '2 s')


# --- CSV

FORMULA = 'a spreadsheet that parts cells at ";" takes what follows for a cell of its own: it is guarded there too'


def csv(w, **fields):
    cards = three()
    cards[0].update(fields)
    result = w.go(w.keep(CertiFlow(cards)), 'cards', '--format', 'csv', '--limit', '1')
    done(result)
    return result


for label, fields in (('tags', {'tags': ['office', '=HYPERLINK("http://example.com")']}), ('tags-plus', {'tags': ['a', '+1', '-2', '@x']}),
                      ('comment', {'comment': 'see;=1+2'})):
    @case('texts.csv.formula-after-semicolon.' + label, FORMULA)
    def semicolon(w, fields=fields):
        result = csv(w, **fields)
        hides(result, r';[=+@-]')


for label, fields in (('first', {'tags': ['=1+2', 'b']}), ('label', {'label': '=1+2'}), ('comment', {'comment': '@SUM(1)'})):
    @case('texts.csv.formula-at-the-beginning.' + label, 'a cell that begins as a formula gets an apostrophe')
    def beginning(w, fields=fields):
        result = csv(w, **fields)
        hides(result, r'(^|,|\n)"?[=+@]')
        says(result, r"'[=@]")


# --- control characters

def raw_label(self, *_):
    text = json.dumps(dict(self.cards[0], label='A\u009b31mB\u007f\u202eC'), ensure_ascii=False)
    if '/Cards/' in self.log[-1][1]:
        return http(200, text)
    return http(200, '[%s]' % text if 'offset=0' in self.log[-1][1] or 'offset' not in self.log[-1][1] else '[]')


RAW = 'U+009B begins a control sequence as ESC [ does; RFC 8259, 7 lets any character be written as \\uXXXX'

for label, args in (('cards-json', ('cards', '--json')), ('cards-ndjson', ('cards', '--format', 'ndjson')), ('card-json', ('card', '1', '--json'))):
    @case('texts.control.terminal.' + label, RAW + ', and on a terminal it must be')
    def control(w, args=args):
        server = w.keep(CertiFlow(list=raw_label, get=raw_label))
        result = w.terminal(*args, '--url', server.url, '--auth', 'none', limit=5)
        exits(result, 0)
        hides(result, '[\u0080-\u009f\u007f]')


for label, args in (('table', ('cards',)), ('card', ('card', '1')), ('csv', ('cards', '--format', 'csv'))):
    @case('texts.control.terminal.' + label, 'what a server sends does not steer the terminal')
    def control_table(w, args=args):
        server = w.keep(CertiFlow(list=raw_label, get=raw_label))
        result = w.terminal(*args, '--url', server.url, '--auth', 'none', limit=5)
        exits(result, 0)
        hides(result, '[\u0080-\u009f\u007f]')


@case('texts.control.error-words', 'nor do the words of an error')
def control_error(w):
    server = w.keep(CertiFlow(post=lambda s, id, word: http(409, {'detail': 'no\x1b[2J\u009b31m more'})))
    result = w.go(server, 'disable', '1')
    fails(result)
    hides(result, '[\x1b\u0080-\u009f]')


# --- nowhere to write

for label, args in (('cards', ('cards',)), ('csv', ('cards', '--format', 'csv')), ('card', ('card', '1')), ('disable', ('disable', '1')),
                    ('disable-json', ('disable', '1', '--json')), ('doctor', ('doctor',)), ('operations', ('operations', '1')),
                    ('dry-run', ('disable', '1', '--dry-run')), ('bulk', ('bulk', 'disable', '--from', '-', '--expect', '1', '--format', 'csv'))):
    @case('texts.full-disk.' + label, 'a disk that is full is an error and no panic')
    def full(w, args=args):
        server = w.keep(CertiFlow())
        with open('/dev/full', 'wb') as nowhere:
            result = w.go(server, *args, stdout=nowhere, stdin=b'1\n' if '-' in args else None)
        hides(result, 'panic')
        right(isinstance(result.rc, int) and 0 <= result.rc < 100, result, 'no panic')


@case('texts.full-disk.help', 'a disk that is full is an error and no panic')
def full_help(w):
    with open('/dev/full', 'wb') as nowhere:
        result = w.command('atr', '3b8d0180fba000000397425446590301c8', stdout=nowhere)
    hides(result, 'panic')
    right(isinstance(result.rc, int) and 0 <= result.rc < 100, result, 'no panic')


@case('texts.full-disk.operation-is-told', 'the operation was carried out: an exit code of failure, or words on the error stream, say what '
      'could not be written')
def full_told(w):
    server = w.keep(CertiFlow())
    with open('/dev/full', 'wb') as nowhere:
        result = w.go(server, 'disable', '1', stdout=nowhere)
    once(server, 1)
    right(result.rc != 0 or bool(result.err.strip()), result, 'it is told')
    hides(result, 'panic')


# --- serial numbers

SPELLING = 'blanks, colons and hyphens part a serial number for reading; they are not in it'

for label, spelling in (('blanks', 'AA AA 00 01'), ('colons', 'AA:AA:00:01'), ('small-colons', 'aa:aa:00:01'), ('half', 'AAAA 0001')):
    @case('texts.serial.' + label, SPELLING)
    def spelled(w, spelling=spelling):
        server = w.keep(CertiFlow())
        done(w.go(server, 'disable', '--serial', spelling))
        once(server, 1)


@case('texts.serial.bulk-colons', SPELLING)
def spelled_bulk(w):
    server = w.keep(CertiFlow())
    done(w.bulk(server, 'disable', '--from', w.file('s.txt', 'AA:AA:00:01\nBBBB 0002\n'), '--serials', '--expect', '2'))
    once(server, 1, 2)


@case('texts.serial.small', 'hexadecimal digits have no case')
def small(w):
    server = w.keep(CertiFlow())
    done(w.go(server, 'disable', '--serial', 'aaaa0001'))
    once(server, 1)


@case('texts.serial.on-the-server', 'the server may write it with blanks')
def on_server(w):
    cards = three()
    cards[0]['serialNumber'] = 'AA AA 00 01'
    server = w.keep(CertiFlow(cards, list=lambda s, q: http(200, (s.cards[:1] if 'serialNumber' in q else s.cards)[int(q['offset']):])))
    done(w.go(server, 'disable', '--serial', 'AAAA0001'))
    once(server, 1)


@case('texts.serial.longer-is-another', 'a serial number that begins alike is another card\'s')
def longer(w):
    cards = three()
    cards[0]['serialNumber'] = 'AAAA00011'
    server = w.keep(CertiFlow(cards, list=lambda s, q: http(200, (s.cards[:1] if 'serialNumber' in q else s.cards)[int(q['offset']):])))
    fails(w.go(server, 'disable', '--serial', 'AAAA0001'))
    untouched(server)


# --- days

DAYS = 'a date is as many days off as the calendar says, not as hours make up'


def ends(w, days, clock, *right_words):
    now = time.gmtime()
    if (now.tm_hour, now.tm_min) >= (23, 57) or (now.tm_hour, now.tm_min) < (0, 3):
        raise Skip('it is about midnight')
    moment = time.strftime('%Y-%m-%d', time.gmtime(time.time() + days * 86400)) + 'T' + clock + 'Z'
    cards = three()[:1]
    cards[0].update(expirationDate=moment, certificates=[{'type': 'Managed', 'serialNumber': '01', 'thumbprint': 'AA',
                                                          'subject': 'user1', 'issuer': 'EXAMPLE Issuing CA', 'validTo': moment}])
    result = w.go(w.keep(CertiFlow(cards)), 'cards')
    done(result)
    says(result, moment[:10] + r',? +\(?(%s)' % '|'.join(right_words))


for label, days, clock, words in (('tomorrow-early', 1, '00:01:00', ('tomorrow', r'in 1 days?\b')),
                                  ('today-gone-by', 0, '00:01:00', ('today', 'ended today')),
                                  ('in-30-days', 30, '00:01:00', (r'in 30 days',)), ('three-days-ago', -3, '00:01:00', ('3 days ago',)),
                                  ('today-late', 0, '23:59:00', ('today',)), ('tomorrow-late', 1, '23:59:00', ('tomorrow', r'in 1 days?\b')),
                                  ('yesterday-late', -1, '23:59:00', ('yesterday', '1 days? ago'))):
    @case('texts.days.' + label, DAYS)
    def day(w, days=days, clock=clock, words=words):
        ends(w, days, clock, *words)


# --- NO_PROXY

EXCEPT = 'NO_PROXY names hosts that are asked without the proxy, as other programs read it'


def without_proxy(w, host, no_proxy, direct=True, variable='HTTP_PROXY', command=('cards',)):
    server = w.keep(CertiFlow())
    server.host = host
    proxy = w.keep(Proxy(lambda *a: b'HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'))
    result = w.go(server, *command, env={variable: 'http://127.0.0.1:%d' % proxy.port, 'NO_PROXY': no_proxy % {'port': server.port}})
    right(bool(proxy.seen) != direct, '%d requests to the proxy; %s' % (len(proxy.seen), result.show()),
          'the proxy %s' % ('not asked' if direct else 'asked'))
    return server, result


for label, host, no_proxy in (('suffix', 'cm.corp.invalid', 'corp.invalid'), ('blank-after-comma', '127.0.0.1', 'example.com, 127.0.0.1'),
                              ('suffix-after-blank', 'cm.corp.invalid', 'example.com, .corp.invalid'), ('network', '127.0.0.1', '127.0.0.0/8'),
                              ('dot-suffix', 'cm.corp.invalid', '.corp.invalid'), ('address', '127.0.0.1', '127.0.0.1'),
                              ('all', '127.0.0.1', '*')):
    @case('texts.no-proxy.' + label, EXCEPT)
    def excepted(w, host=host, no_proxy=no_proxy):
        without_proxy(w, host, no_proxy)


@case('texts.no-proxy.not-a-suffix', 'mycorp.invalid does not end in .corp.invalid')
def not_suffix(w):
    without_proxy(w, 'cm.mycorp.invalid', 'corp.invalid', direct=False)


@case('texts.no-proxy.other-host', 'the proxy is for all others')
def other_host(w):
    without_proxy(w, '127.0.0.1', 'example.com', direct=False)


for label, no_proxy, direct in (('excepted', 'example.com, 127.0.0.1', True), ('network', '127.0.0.0/8', True), ('asked', 'example.com', False)):
    @case('texts.no-proxy.doctor-' + label, 'doctor says of the proxy what the client does')
    def doctor_proxy(w, no_proxy=no_proxy, direct=direct):
        server, result = without_proxy(w, '127.0.0.1', no_proxy, direct, command=('doctor',))
        line = next((l for l in result.out.splitlines() if re.match(r'\w+ +proxy', l)), '')
        right(bool(re.search('none|no proxy|NO_PROXY|direct', line)) == direct, line or result, 'the line of the proxy says so')


# --- TLS

CAUSE = 'each cause of a failed handshake has its own hint; one that does not help sends the operator astray'


def handshake(w, certificate, ca, says_one, *hidden, works=False, command=('cards',), args=()):
    server = w.keep(secure(certificate))
    result = w.go(server, *command, *(('--ca', data(ca)) if ca else ()), *args)
    if works and result.rc == 0:
        return
    fails(result)
    says(result, says_one)
    hides(result, *hidden)


CA_HINT = r'given by --ca|give --ca'

TLS_CASES = (
    ('self-signed-ca', 'selfca', 'selfca.pem', r'CA (certificate|:TRUE)|certificate of a CA|is a CA|CA:TRUE', (CA_HINT, 'OtherError'), True,
     'a self-signed certificate that says it is a CA\'s is no server\'s (RFC 5280, 4.2.1.9); to give it again does not help'),
    ('version-1', 'v1', 'v1.pem', r'version 1|X\.509 v1|v1 certificate', (CA_HINT, 'OtherError'), True,
     'an X.509 certificate of version 1 is not read (RFC 5280, 4.1.2.1); to give it again does not help'),
    ('p-521', 'server521', 'ca521.pem', r'P-521|secp521|signature algorithm', (CA_HINT, r'0x06', r'\[6, 8'), True,
     'the CA signs with P-521, which is not read; its certificate was given'),
    ('expired', 'expired', 'ca.pem', r'expired|ended|2021', (CA_HINT,), False, 'the certificate has ended: the server needs another'),
    ('other-name', 'othername', 'ca.pem', r'cm\.example\.com', (CA_HINT,), False, 'the certificate is for another name: that name goes into --url'),
    ('unknown-ca', 'server', None, CA_HINT, ('OtherError',), False, 'the CA is not known: here --ca is what helps'),
)

for label, certificate, ca_file, wanted, hidden, works, why in TLS_CASES:
    @case('texts.tls.%s.cards' % label, why)
    def tls_cards(w, certificate=certificate, ca_file=ca_file, wanted=wanted, hidden=hidden, works=works):
        handshake(w, certificate, ca_file, wanted, *hidden, works=works)

    @case('texts.tls.%s.doctor' % label, why)
    def tls_doctor(w, certificate=certificate, ca_file=ca_file, wanted=wanted, hidden=hidden, works=works):
        handshake(w, certificate, ca_file, wanted, *hidden, works=works, command=('doctor',))


@case('texts.tls.renegotiation', 'the server asks for a client certificate after the request (TLS 1.2 renegotiation, as IIS does): said, with '
      'what to change there, and nothing of --ca')
def renegotiation(w):
    if not shutil.which('openssl'):
        raise Skip('openssl is not here')
    probe = socket.socket()
    probe.bind(('127.0.0.1', 0))
    port = probe.getsockname()[1]
    probe.close()
    server = subprocess.Popen(['openssl', 's_server', '-accept', '127.0.0.1:%d' % port, '-cert', data('server.pem'), '-key', data('server.key'),
                               '-tls1_2', '-CAfile', data('ca.pem')], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        seen = []

        def act():
            while True:
                piece = os.read(server.stdout.fileno(), 65536)
                if not piece:
                    return
                seen.append(piece)
                if b'GET /certiflow' in b''.join(seen) and len(seen) < 1000:
                    seen.extend([b''] * 1000)
                    server.stdin.write(b'R\n')
                    server.stdin.flush()
        threading.Thread(target=act, daemon=True).start()
        end = time.monotonic() + 5
        while b'ACCEPT' not in b''.join(seen) and time.monotonic() < end:
            time.sleep(0.02)
        result = w.go('https://localhost:%d/certiflow/api' % port, 'cards', '--ca', data('ca.pem'), '--client-cert', data('client.pem'),
                      '--client-key', data('client.key'), limit=20)
        fails(result)
        says(result, r'client certificate|renegotiat')
        hides(result, CA_HINT)
    finally:
        server.kill()
        server.wait()
        server.stdin.close()
        server.stdout.close()


@case('texts.tls.honest', 'a certificate of the CA that was given')
def tls_honest(w):
    done(w.go(w.keep(secure()), 'cards', '--ca', data('ca.pem')))


# --- a sign-in page instead of an answer

PAGE = 'a page came where JSON was asked for: it is named as what it is, a sign-in page or a wrong address'

for label, args in (('cards', ('cards',)), ('serial', ('card', '--serial', 'AAAA0001')), ('card', ('card', '1')), ('disable', ('disable', '--serial', 'AAAA0001')),
                    ('plan', ('bulk', 'disable', '--state', 'Issued', '--plan'))):
    @case('texts.sign-in-page.' + label, PAGE)
    def page(w, args=args):
        server = w.keep(CertiFlow(handle=lambda s, *a: sign_in_page()))
        result = w.go(server, *args)
        fails(result, 4, 8)
        says(result, 'sign.?in|page|HTML')
        hides(result, 'at byte 0')


@case('texts.sign-in-page.doctor', PAGE)
def page_doctor(w):
    server = w.keep(CertiFlow(handle=lambda s, *a: sign_in_page()))
    result = w.go(server, 'doctor')
    fails(result)
    says(result, 'page|HTML')


# --- the card service refuses

class Service:
    """A pcscd that closes the connection of a client that it does not let in."""
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(path)
        self.socket.listen(8)
        self.asked = 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.asked += 1
            # What the client said stays unread, as with pcscd.
            connection.recv(1, socket.MSG_PEEK)
            time.sleep(0.2)
            connection.close()

    def close(self):
        self.socket.close()


for label, args in (('readers', ('readers',)), ('identify', ('identify',)), ('card', ('card', '--from-reader', '--url', 'http://127.0.0.1:9/certiflow/api', '--auth', 'none'))):
    @case('texts.card-service-refuses.' + label, 'pcscd asks polkit, which lets in who sits at the computer: the hint is about that, not about '
          'the reader\'s plug')
    def refuses(w, args=args):
        path = os.path.join(w.folder, 'pcscd.comm')
        service = w.keep(Service(path))
        result = w.command(*args, env={'PCSCLITE_CSOCK_NAME': path})
        if not service.asked:
            raise Skip('this build does not ask pcsc-lite')
        fails(result)
        says(result, r'polkit|permission|allowed|may not|access')
        says(result, r'next:[^\n]*(polkit|permission|group|seat|log(ged)? ?in|root|administrator)')
        hides(result, 'plug the reader in')
