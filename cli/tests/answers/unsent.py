"""Operations that certainly never reached the server: exit 6 and "not sent", never unknown; a run leaves its cards planned."""
import socket
import threading
import time

from world import *

WHY = 'no connection was made, so nothing was sent: that is known, and not unknown'
PLANNED = WHY + '; the run stops, and --resume does what is left'


def connect_refusal(number, refusal):
    """A proxy that lets the first requests through, and then refuses."""
    return lambda count, line, headers: refusal if count > number else None


def closing(function):
    """Each answer ends its connection, so that the next request needs another."""
    def handle(self, method, target, headers, body):
        answer = function(self, method, target, headers, body)
        head, rest = answer.split(b'\r\n\r\n', 1)
        return head + b'\r\nConnection: close\r\n\r\n' + rest
    return handle


class Closing(CertiFlow):
    handle = closing(CertiFlow.handle)


class Gone(Closing):
    """Takes no connection any more once it has answered."""
    def handle(self, method, target, headers, body):
        answer = Closing.handle(self, method, target, headers, body)
        if not getattr(self, 'back', False):
            self.stop()
        return answer


def refused_407(schemes=('Basic realm="EXAMPLE"',)):
    lines = ''.join('Proxy-Authenticate: %s\r\n' % scheme for scheme in schemes)
    return ('HTTP/1.1 407 Proxy Authentication Required\r\n%sConnection: close\r\nContent-Length: 0\r\n\r\n' % lines).encode()


def refused(status, reason):
    return ('HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n' % (status, reason)).encode()


def unsent(result, server):
    untouched(server)
    never_done(result, 6)
    says(result, r'not sent|never sent|nothing was sent|was not reached|no connection was made')
    hides(result, r'unknown(?! authority)|answer was lost')


def left_planned(w, server, result, journal, *more):
    """The run stopped, says that cards are left, and is finished by --resume: each card once."""
    untouched(server)
    never_done(result, 6)
    hides(result, r'[1-9]\d* unknown', r'[1-9]\d* failed')
    says(result, r'[1-9]\d* left', r'--resume')


def finished(w, server, journal, *more):
    result = w.go(server, 'bulk', '--resume', journal, *more)
    done(result)
    once(server, 1, 2, 3)


# --- refused

@case('unsent.connection-refused.single', WHY)
def gone(w):
    server = w.keep(Gone())
    unsent(w.go(server, 'disable', '1'), server)


@case('unsent.connection-refused.bulk', PLANNED)
def gone_bulk(w):
    server = w.keep(Gone())
    journal = w.journal()
    ids = w.file('ids.txt', '1\n')
    # One read for the one id, and then nobody listens.
    result = w.bulk(server, 'disable', '--from', ids, '--expect', '1', journal=journal)
    left_planned(w, server, result, journal)
    server.back = True
    server.listen(server.port)
    done(w.go(server, 'bulk', '--resume', journal))
    once(server, 1)


@case('unsent.connection-refused.read', 'a server that is not there')
def nobody(w):
    server = CertiFlow()
    server.close()
    result = w.go(server, 'disable', '1')
    exits(result, 6)
    hides(result, 'unknown')


# --- names

@case('unsent.name-not-found.single', 'RFC 6761, 6.4: no name under .invalid exists')
def no_name(w):
    result = w.go('https://cm.example.invalid/certiflow/api', 'disable', '1')
    exits(result, 6)
    says(result, r'cm\.example\.invalid', r'name|lookup|look up|resolve')
    hides(result, 'unknown(?! host)', 'the connection broke')


@case('unsent.name-not-found.bulk', 'RFC 6761, 6.4: no name under .invalid exists')
def no_name_bulk(w):
    result = w.bulk('https://cm.example.invalid/certiflow/api', 'disable', '--from', w.file('ids.txt', '1\n2\n'), '--expect', '2')
    exits(result, 6)
    hides(result, '[1-9] unknown')


# --- the connection is not made in time

class Full(Closing):
    """From its first connection on its queue is full: further ones are neither taken nor refused."""
    def accept(self, listener):
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        # Before the answer, so that the next connection finds it full.
        listener.listen(0)
        for _ in range(8):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(('127.0.0.1', self.port))
            self.open.add(filler)
        self.serve(connection, 1)


@case('unsent.connect-timeout.single', WHY)
def timeout(w):
    server = w.keep(Full())
    # 10 seconds for a connection is what the command allows, and it may try more than once.
    unsent(w.go(server, 'disable', '1', limit=45), server)


# --- a proxy

def through(w, refusal, let=1):
    server = w.keep(Closing(tls=tls('server')))
    server.host = 'localhost'
    proxy = w.keep(Proxy(connect_refusal(let, refusal)))
    return server, proxy, ('--proxy', 'http://127.0.0.1:%d' % proxy.port, '--ca', data('ca.pem'))


for label, refusal in (('407', refused_407()), ('403', refused(403, 'Forbidden')), ('502', refused(502, 'Bad Gateway')),
                       ('503', refused(503, 'Service Unavailable'))):
    @case('unsent.proxy-%s.single' % label, 'RFC 9110, 9.3.6: without 2xx to CONNECT there is no tunnel, so nothing was sent through it')
    def proxy_single(w, refusal=refusal):
        server, proxy, more = through(w, refusal)
        unsent(w.go(server, 'disable', '1', *more), server)
        right(len(proxy.seen) > 1, '%d requests' % len(proxy.seen), 'the proxy was asked for the operation')

    @case('unsent.proxy-%s.bulk' % label, 'RFC 9110, 9.3.6; ' + PLANNED)
    def proxy_bulk(w, refusal=refusal):
        server, proxy, more = through(w, refusal)
        journal = w.journal()
        result = w.bulk(server, 'disable', '--from', w.file('ids.txt', '1\n'), '--expect', '1', *more, journal=journal)
        left_planned(w, server, result, journal)
        proxy.allow = lambda *a: None
        done(w.go(server, 'bulk', '--resume', journal, *more))
        once(server, 1)


@case('unsent.proxy-407.names-the-proxy', 'who refused, and what to do: the proxy wants a sign-in of its own')
def proxy_hint(w):
    server, proxy, more = through(w, refused_407(), let=0)
    result = w.go(server, 'cards', '--limit', '2', *more)
    exits(result, 5, 6)
    says(result, '407', 'proxy', 'user|password|sign')
    hides(result, 'server up')


@case('unsent.proxy-407.windows-schemes', 'the proxy wants Negotiate or NTLM: said by name')
def proxy_schemes(w):
    server, proxy, more = through(w, refused_407(('Negotiate', 'NTLM')), let=0)
    result = w.go(server, 'cards', '--limit', '2', *more)
    exits(result, 5, 6)
    says(result, '407', 'NTLM|Negotiate|Windows')


@case('unsent.proxy-407.password-sent-once', 'a wrong password that is sent again and again locks the account')
def proxy_once(w):
    server, proxy, more = through(w, refused_407(), let=0)
    result = w.go(server, 'cards', '--limit', '2', '--ca', data('ca.pem'),
                  env={'HTTPS_PROXY': 'http://op:wrong@127.0.0.1:%d' % proxy.port})
    exits(result, 5, 6)
    sent = sum('proxy-authorization' in headers for _, headers in proxy.seen)
    right(sent == 1, 'the password sent %d times' % sent, 'once')


@case('unsent.proxy-407.doctor', 'doctor says that it is the proxy, and nothing of the server\'s TLS')
def proxy_doctor(w):
    server, proxy, more = through(w, refused_407(), let=0)
    result = w.go(server, 'doctor', *more)
    fails(result)
    says(result, r'fail[^\n]*(407|proxy)')
    hides(result, 'does the server speak TLS')


# --- TLS

class Strict(Closing):
    """TLS with the first connection; the next is cut in its handshake."""
    def secured(self, connection, number):
        return Closing.secured(self, connection, number) if number <= getattr(self, 'good', 1) else None


class Changed(Closing):
    """The second connection shows a certificate for another name."""
    def secured(self, connection, number):
        if number > getattr(self, 'good', 1):
            self.tls = tls('othername')
        return Closing.secured(self, connection, number)


for label, kind in (('handshake-cut', Strict), ('another-certificate', Changed)):
    @case('unsent.tls-%s.single' % label, WHY)
    def tls_single(w, kind=kind):
        server = w.keep(kind(tls=tls('server')))
        server.host = 'localhost'
        unsent(w.go(server, 'disable', '1', '--ca', data('ca.pem')), server)

    @case('unsent.tls-%s.bulk' % label, PLANNED)
    def tls_bulk(w, kind=kind):
        server = w.keep(kind(tls=tls('server')))
        server.host = 'localhost'
        journal = w.journal()
        result = w.bulk(server, 'disable', '--from', w.file('ids.txt', '1\n'), '--expect', '1', '--ca', data('ca.pem'), journal=journal)
        left_planned(w, server, result, journal)
        server.good, server.tls = 10 ** 6, tls('server')
        done(w.go(server, 'bulk', '--resume', journal, '--ca', data('ca.pem')))
        once(server, 1)


# --- MIM CM

class MimClosing(Mim):
    handle = closing(Mim.handle)


class MimGone(MimClosing):
    """Takes no connection any more once the operations that it allows were asked for."""
    def handle(self, method, target, headers, body):
        answer = MimClosing.handle(self, method, target, headers, body)
        if target.endswith('/operations'):
            self.stop()
        return answer


@case('unsent.mim-connection-refused', WHY)
def mim_gone(w):
    server = w.keep(MimGone())
    unsent(w.go(server, 'retire', UUID[0], *YES), server)


# --- what is right today: sent, and then lost

@case('unsent.not-when-it-was-sent', 'a connection that breaks after the operation was sent is another thing: unknown')
def was_sent(w):
    server = w.keep(CertiFlow(post=lambda s, id, word: None))
    result = w.go(server, 'disable', '1')
    never_done(result, 8)
    only(server, 1)


@case('unsent.tunnel', 'through a proxy that lets it through, the operation is done')
def tunnel(w):
    server, proxy, more = through(w, None)
    done(w.go(server, 'disable', '1', *more))
    once(server, 1)
