"""What is said after an operation was sent: done only where the card is read in the state that the operation leads to."""
import threading
import time

from world import *

SAYS = 'never "done" unless the state that was read back says so'
ONE = 'RFC 9110, 15.6: a 5xx says nothing of whether the request was carried out; the card\'s state does'


def single(w, server, *more):
    return w.go(server, 'disable', '1', *more)


def by_serial(w, server):
    return w.go(server, 'disable', '--serial', 'AAAA0001')


def as_json(w, server):
    return w.go(server, 'disable', '1', '--json')


def bulk(w, server):
    return w.bulk(server, 'disable', '--serial', 'AAAA0001', '--expect', '1')


def bulk_ids(w, server):
    return w.bulk(server, 'disable', '--from', w.file('ids.txt', '1\n'), '--expect', '1')


def old_single(w, server):
    return w.go(server, 'disable', '1', '--of', 'EXAMPLE\\user1')


def old_bulk(w, server):
    return w.bulk(server, 'disable', '--of', 'EXAMPLE\\user1', '--expect', '1')


def ways(name, kind, ways, why, check):
    """A case for each way of giving the command."""
    for way in ways:
        def function(w, way=way):
            server = w.keep(kind())
            check(server, way(w, server))
        case('outcome.%s.%s' % (name, way.__name__.replace('_', '-')), why)(function)


G7_WAYS = (single, by_serial, as_json, bulk, bulk_ids)
TWO = (single, bulk)


# --- success was said, and the card is as it was

def not_done(*codes, saw=None):
    def check(server, result):
        never_done(result, *codes)
        only(server, 1)
        if saw:
            says(result, saw)
    return check


ways('200-unchanged', lambda: CertiFlow(post=lambda s, id, word: http(200)), G7_WAYS, SAYS,
     not_done(1, 3, 8, saw='Issued'))
ways('204-unchanged', lambda: CertiFlow(post=lambda s, id, word: b'HTTP/1.1 204 No Content\r\n\r\n'), TWO, SAYS,
     not_done(1, 3, 8, saw='Issued'))
ways('202-unchanged', lambda: CertiFlow(post=lambda s, id, word: http(202, {'taskId': 5})), TWO,
     'RFC 9110, 15.3.3: 202 says that it has not been carried out yet, and perhaps never will be',
     not_done(1, 7, 8, saw='Issued'))
ways('sign-in-page-200', lambda: CertiFlow(post=lambda s, id, word: sign_in_page()), (single, as_json, bulk),
     'a sign-in page with status 200 is no answer to the operation', not_done(1, 5, 8, saw='sign|page|Issued'))
ways('error-object-200', lambda: CertiFlow(post=lambda s, id, word: http(200, {'error': 'The card is locked by a task.'})),
     TWO, 'the server says an error, whatever its status', not_done(1, 3, 8, saw='locked by a task|Issued'))
ways('g1-204-unchanged', lambda: G1(post=lambda s, id, word: b'HTTP/1.1 204 No Content\r\n\r\n'), (old_single, old_bulk),
     SAYS, not_done(1, 3, 8, saw='Issued'))
ways('g1-error-object-200', lambda: G1(post=lambda s, id, word: http(200, {'Message': 'An error has occurred.'})),
     (old_single, old_bulk), SAYS, not_done(1, 3, 8, saw='Issued|An error has occurred'))


# --- success was said, and the card is in another state, or cannot be read

def elsewhere(state):
    def post(self, id, word):
        self.by(id)['state'] = state
        return http(200)
    return lambda: CertiFlow(post=post)


ways('other-state', elsewhere('Revoked'), (single, as_json, bulk),
     'a hold was asked for and the card is revoked: that is not what was meant, and it is final',
     not_done(1, 3, 8, saw='Revoked'))
ways('unheard-of-state', elsewhere('Frozen'), TWO, 'a state that nobody knows proves nothing', not_done(1, 3, 8, saw='Frozen'))


def unreadable(self, id):
    """Readable until it is operated."""
    return http(403, {'detail': 'not yours'}) if self.ops else CertiFlow.get(self, id)


def no_list(self, query):
    return http(403, {'detail': 'not yours'}) if self.ops else CertiFlow.list(self, query)


ways('unreadable-afterwards', lambda: CertiFlow(get=unreadable, list=no_list), (single, as_json, bulk),
     'the card cannot be read, so whether it was done cannot be known', not_done(8))


@case('outcome.enable-unchanged', SAYS)
def enable_unchanged(w):
    server = w.keep(CertiFlow([card(1, 'AAAA0001', 'user1', 'Disabled')], post=lambda s, id, word: http(200)))
    result = w.go(server, 'enable', '1')
    never_done(result, 1, 3, 8)
    says(result, 'Disabled')


@case('outcome.revoke-unchanged', SAYS)
def revoke_unchanged(w):
    server = w.keep(CertiFlow(post=lambda s, id, word: http(200)))
    result = w.go(server, 'revoke', '1', '--reason', 'CardLost')
    never_done(result, 1, 3, 8)
    says(result, 'Issued')


@case('outcome.withdraw-unchanged', SAYS)
def withdraw_unchanged(w):
    server = w.keep(CertiFlow([card(1, 'AAAA0001', 'user1', 'Revoked')], post=lambda s, id, word: http(200)))
    result = w.go(server, 'withdraw', '1')
    never_done(result, 1, 3, 8)
    says(result, 'Revoked')


@case('outcome.bulk-sign-in-page-stops-at-canary', 'a sign-in expired: a run that goes on would call 20 cards done')
def canary(w):
    server = w.keep(CertiFlow(many(20), post=lambda s, id, word: sign_in_page()))
    result = w.bulk(server, 'disable', '--state', 'Issued', '--expect', '20', '--canary', '2', '--max-failures', '0')
    never_done(result, 1, 5, 8)
    right(len(server.ops) <= 2, '%d cards operated' % len(server.ops), '2 at most: the canary shows it')


# --- failure was said, and it was carried out

def carries_out_and_says(status, **more):
    def post(self, id, word):
        self.carry_out(id, word)
        return http(status, {'Message': 'An error has occurred.'}, **more)
    return post


def was_done(server, result):
    done(result)
    once(server, 1)
    says(result, 'Disabled')


def was_done_bulk(server, result):
    done(result)
    once(server, 1)


for status in (500, 503, 408, 429):
    ways('%d-carried-out' % status, lambda status=status: CertiFlow(post=carries_out_and_says(status)), (single, as_json),
         ONE + ', and it is Disabled', was_done)
    ways('%d-carried-out' % status, lambda status=status: CertiFlow(post=carries_out_and_says(status)), (bulk,),
         ONE + ', and it is Disabled', was_done_bulk)
ways('g1-500-carried-out', lambda: G1(post=carries_out_and_says(500)), (old_single,), ONE, was_done)
ways('g1-500-carried-out', lambda: G1(post=carries_out_and_says(500)), (old_bulk,), ONE, was_done_bulk)


# --- the answer is lost

def lost(self, id, word):
    self.carry_out(id, word)
    return None


def half(self, id, word):
    self.carry_out(id, word)
    return b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Le'


ways('answer-lost-carried-out', lambda: CertiFlow(post=lost), (single, as_json, bulk, bulk_ids),
     'the card is read, and its state says that it was carried out', was_done_bulk)
ways('answer-cut-carried-out', lambda: CertiFlow(post=half), TWO, 'as when the whole answer is lost', was_done_bulk)
ways('g1-answer-lost-carried-out', lambda: G1(post=lost), (old_single, old_bulk), 'the same in the old API', was_done_bulk)


def later(seconds, answer):
    def post(self, id, word):
        if self.by(id)['state'] != 'Issued':
            return http(409, {'detail': 'already ' + self.by(id)['state']})
        threading.Timer(seconds, self.carry_out, (id, word)).start()
        return answer
    return post


def honest_about_time(server, result):
    """Unknown, or done after the state was seen; never a failure, for it will be carried out."""
    exits(result, 0, 8)
    if result.rc == 0:
        right(server.by(1)['state'] == 'Disabled', result, 'done only after the card was seen Disabled')
    only(server, 1)


ways('answer-lost-committed-3-s-later', lambda: CertiFlow(post=later(3, None)), (single, as_json, bulk),
     'the answer is lost and the card not changed yet: nobody can know, so it is unknown and no failure', honest_about_time)


@case('outcome.answer-lost-committed-3-s-later.journal', 'what is unknown stays in the journal, and is found done by --resume')
def resumed(w):
    server, journal = w.keep(CertiFlow(post=later(3, None))), w.journal()
    w.bulk(server, 'disable', '--serial', 'AAAA0001', '--expect', '1', journal=journal)
    time.sleep(3.2)
    result = w.go(server, 'bulk', '--resume', journal)
    done(result)
    right(server.by(1)['state'] == 'Disabled', result, 'Disabled, and known to be')


# --- what is right today

ways('honest', CertiFlow, G7_WAYS, 'the plain case', was_done_bulk)
ways('g1-honest', G1, (old_single, old_bulk), 'the plain case in the old API', was_done_bulk)


@case('outcome.202-carried-out', 'accepted, and the card is read in the right state')
def accepted(w):
    def post(self, id, word):
        self.carry_out(id, word)
        return http(202)
    server = w.keep(CertiFlow(post=post))
    was_done(server, single(w, server))


for status, codes in ((400, (1, 3)), (403, (5, 3)), (409, (1, 3)), (422, (1, 3))):
    @case('outcome.%d-refused' % status, 'a refusal is told with the server\'s words')
    def refused(w, status=status, codes=codes):
        server = w.keep(CertiFlow(post=lambda s, id, word: http(status, {'detail': 'no for today'})))
        result = single(w, server)
        never_done(result, *codes)
        says(result, 'no for today')
        once(server, 1)


@case('outcome.500-not-carried-out', 'the server failed and the card is as it was: a failure, or unknown; sent once')
def failed(w):
    server = w.keep(CertiFlow(post=lambda s, id, word: http(500, {'Message': 'An error has occurred.'})))
    result = single(w, server)
    never_done(result, 1, 8)
    once(server, 1)


@case('outcome.500-not-carried-out.says-what-was-seen', 'the card is read after the failure, and its state is told')
def failed_state(w):
    server = w.keep(CertiFlow(post=lambda s, id, word: http(500, {'Message': 'An error has occurred.'})))
    result = single(w, server)
    never_done(result, 1, 8)
    says(result, 'Issued')


@case('outcome.bulk-401-in-the-middle', 'the sign-in ended: the run stops, and the rest is left')
def unauthorized(w):
    def post(self, id, word):
        return http(401) if len(self.ops) > 5 else CertiFlow.post(self, id, word)
    server = w.keep(CertiFlow(many(20), post=post))
    result = w.bulk(server, 'disable', '--state', 'Issued', '--expect', '20', '--concurrency', '1')
    exits(result, 5)
    says(result, '5 done', '15 left', '--resume')
