"""MIM CM: an operation is a request, that may be left behind; what is read of it must be what was asked for."""
from world import *

NOT_FOUND = ('<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head>'
             '<body><h1>Server Error</h1></body></html>')
LEFT = 'a request that is left behind blocks the card: the operator must know its id, how it stands, and what to do with it'


def single(w, server):
    return w.go(server, 'retire', UUID[0])


def as_json(w, server):
    return w.go(server, 'retire', UUID[0], '--json')


def by_serial(w, server):
    return w.go(server, 'retire', '--serial', GUID[0])


def bulk(w, server):
    return w.bulk(server, 'retire', '--from', w.file('ids.txt', UUID[0] + '\n'), '--expect', '1')


def ways(name, ways, why, make, check):
    for way in ways:
        def function(w, way=way):
            server = w.keep(make())
            check(w, server, way(w, server))
            for op in server.did('change'):
                right(op[1] == UUID[0], op, 'the card that was named, and no other')
        case('mim.%s.%s' % (name, way.__name__.replace('_', '-')), why)(function)


BOTH = (single, bulk)


def never(*codes, named=False, state=None):
    def check(w, server, result):
        never_done(result, *codes)
        if named:
            says(result, REQUEST)
        if state:
            says(result, state)
    return check


# --- the card was not changed

ways('change-ignored', (single, as_json, bulk), 'the card is Active still',
     lambda: Mim(change=lambda s, u, status: http(200, s.by(u))), never(1, 3, 8, named=True, state='Active'))
ways('change-answered-by-a-sign-in-page', BOTH, 'a sign-in page with status 200 changes no card',
     lambda: Mim(change=lambda s, u, status: sign_in_page()), never(1, 5, 8, named=True))
ways('change-answers-another-card', BOTH, 'the answer is another card\'s record: the one that was named is Active still',
     lambda: Mim(change=lambda s, u, status: http(200, dict(s.cards[1], Status=RETIRED))), never(1, 3, 8, named=True))
ways('completed-at-once', BOTH, 'a new request that is Completed already, and the card is Active',
     lambda: Mim(status=8), never(1, 3, 8, named=True, state='Active|Completed'))


def final_403(self, uuid):
    return http(403, {'Message': 'not yours'}) if self.did('complete') else Mim.get(self, uuid)


ways('unreadable-afterwards', BOTH, 'the card cannot be read at the end, so it cannot be known',
     lambda: Mim(get=final_403, find=lambda s, q: http(403, {}) if s.did('complete') else Mim.find(s, q)), never(8))

# --- the request was not completed

ways('complete-refused', BOTH, LEFT, lambda: Mim(complete=lambda s, id: http(403, {'Message': 'complete denied'})),
     never(1, 5, 8, named=True, state='complete denied'))
ways('complete-answered-by-a-sign-in-page', BOTH, LEFT, lambda: Mim(complete=lambda s, id: sign_in_page()),
     never(1, 5, 8, named=True))
ways('complete-ignored', BOTH, LEFT + '; it is Approved still', lambda: Mim(complete=lambda s, id: http(200, s.requests[id])),
     never(1, 3, 8, named=True, state='Approved'))
ways('change-refused', BOTH, LEFT, lambda: Mim(change=lambda s, u, status: http(403, {'Message': 'no'})),
     never(1, 5, named=True))
ways('complete-fails-and-was-done', (single,), 'the request is read again: it is Completed and the card Retired',
     lambda: Mim(complete=lambda s, id: (s.requests[id].update(Status=8), http(500, {}))[1]),
     lambda w, server, result: done(result))
ways('complete-lost-and-was-done', (single,), 'the request is read again: it is Completed and the card Retired',
     lambda: Mim(complete=lambda s, id: (s.requests[id].update(Status=8), None)[1]),
     lambda w, server, result: done(result))
ways('change-fails-and-was-done', (single,), 'the card is read again: it is Retired, and the request can be completed',
     lambda: Mim(change=lambda s, u, status: (Mim.change(s, u, status), http(500, {}))[1]),
     lambda w, server, result: done(result))


def what_next(w, server, result):
    never_done(result, 1, 3, 5, 8)
    says(result, REQUEST, r'next:[^\n]*(request|portal|cancel|abandon|complete)')


ways('left-behind.change-refused', (single,), LEFT, lambda: Mim(change=lambda s, u, status: http(403, {'Message': 'no'})), what_next)
ways('left-behind.complete-refused', (single,), LEFT,
     lambda: Mim(complete=lambda s, id: http(403, {'Message': 'no'})), what_next)
ways('left-behind.status-read-fails', (single,), LEFT, lambda: Mim(read_request=lambda s, id: http(403, {'Message': 'no'})), what_next)

for number, word in ((4, 'Denied'), (9, 'Failed'), (17, 'Cancell?ed')):
    ways('request-%d' % number, BOTH, 'a request that ended otherwise is told by its id and how it ended',
         lambda number=number: Mim(status=number), never(3, 1, named=True, state=word))

for number in (1, 2, 99):
    ways('request-status-%d' % number, (single,), 'a status that is not known is told as its number, with the request\'s id',
         lambda number=number: Mim(status=number), never(1, 3, 8, named=True, state=r'\b%d\b' % number))

# --- the request that is read back is another one

OTHER = 'the request that was read back is not the one for this card and this operation: it is not completed'


def not_completed(w, server, result):
    never_done(result, 1, 3, 8)
    right(not server.did('change') and not server.did('complete'), server.ops, 'neither card nor request touched')


def made(card=0, kind=7, **more):
    def create(self, asked):
        self.requests[REQUEST] = self.request(UUID[card], kind, **more)
        return http(201, json.dumps(self.place))
    return lambda: Mim(create=create)


ways('request-of-another-card', (single, as_json, bulk), OTHER, made(card=1), not_completed)
ways('request-of-another-kind', BOTH, OTHER + ' (3 is not Retire)', made(kind=3), not_completed)
ways('request-with-another-id', BOTH, OTHER, made(Uuid='eeeeeeee-0000-4000-8000-00000000000e'), not_completed)

# --- the request's making fails

ways('create-lost', BOTH, 'whether a request was made cannot be known',
     lambda: Mim(create=lambda s, asked: (Mim.create(s, asked), None)[1]), never(8))
ways('create-500', BOTH, 'a 500 may have made a request: it cannot be known',
     lambda: Mim(create=lambda s, asked: (Mim.create(s, asked), http(500, {}))[1]), never(8))
ways('create-without-address', BOTH, 'a request was made, and where it is was not told: single and bulk say the same',
     lambda: Mim(create=lambda s, asked: (Mim.create(s, asked), http(201, b'null'))[1]), never(8))


@case('mim.place-elsewhere', 'the address of the request must lie under the API\'s base: RFC 9110, 10.2.2 lets it be anywhere, and '
      'the sign-in must not follow')
def elsewhere(w):
    server = w.keep(Mim(place='https://evil.example/other/' + REQUEST))
    result = single(w, server)
    right(result.rc != 0 or bool(server.did('complete')), result, 'done here, or an error')
    only_here = all(entry[1].startswith(server.base) for entry in server.log)
    right(only_here, [e[1] for e in server.log][:6], 'nothing asked outside the base')


# --- 404 without the API

OFF = 'MIM CM\'s API answers 404 to everything while it is switched off (Clm.WebApi.Enabled in web.config): no word of a card'


def off(**more):
    return lambda: Mim(handle=lambda s, *a: http(404, NOT_FOUND, 'text/html'), **more)


for label, args in (('card', ('card', UUID[0])), ('card-serial', ('card', '--serial', GUID[0])), ('cards', ('cards',)),
                    ('operations', ('operations', UUID[0]))):
    @case('mim.api-off.' + label, OFF)
    def switched_off(w, args=args):
        server = w.keep(off()())
        result = w.go(server, *args)
        fails(result, 8)
        hides(result, 'has no card')
        says(result, r'Clm\.WebApi\.Enabled|switched off|API is off|doctor')


@case('mim.api-off.retire', OFF)
def off_retire(w):
    server = w.keep(off()())
    result = w.go(server, 'retire', '--serial', GUID[0])
    fails(result, 8)
    hides(result, 'has no card')
    says(result, r'Clm\.WebApi\.Enabled|switched off|API is off|doctor')


@case('mim.certiflow-404-page', 'a web server\'s own page for 404 says that the base is wrong, and nothing of a card')
def certiflow_page(w):
    server = w.keep(CertiFlow(handle=lambda s, *a: http(404, NOT_FOUND, 'text/html')))
    result = w.go(server, 'card', '1')
    fails(result, 8)
    hides(result, 'has no card')
    says(result, 'base|address|doctor')


# --- what is right today

def retired(w, server, result):
    done(result)
    right(server.cards[0]['Status'] == RETIRED and len(server.did('complete')) == 1, server.ops, 'retired, and the request completed')
    right(len(server.did('create')) == 1, server.ops, 'one request')


ways('honest', (single, as_json, by_serial, bulk), 'the plain case', Mim, retired)
ways('change-lost-and-was-done', BOTH, 'the card is read again, and the request completed',
     lambda: Mim(change=lambda s, u, status: (Mim.change(s, u, status), None)[1]), retired)
ways('waits-for-approval', BOTH, 'somebody must approve it: its id is named',
     lambda: Mim(status=16), never(7, named=True))


@case('mim.operations-none', 'the server allows this account nothing on this card')
def none(w):
    server = w.keep(Mim(allowed=lambda s, u: http(200, [])))
    result = single(w, server)
    untouched(server)
    exits(result, 3)


@case('mim.no-such-card', '204 says that there is none (documented)')
def no_card(w):
    server = w.keep(Mim())
    result = w.go(server, 'retire', '99999999-0000-4000-8000-000000000001')
    untouched(server)
    exits(result, 4)


@case('mim.find-answers-another-card', 'the serial number that was asked for is not that of the card that came')
def find_other(w):
    server = w.keep(Mim(find=lambda s, q: http(200, s.cards[1])))
    result = by_serial(w, server)
    untouched(server)
    fails(result, 4, 8)


@case('mim.find-empty-200', 'an empty body with 200 is no 204: no word of whether there is a card')
def find_empty(w):
    server = w.keep(Mim(find=lambda s, q: http(200)))
    result = by_serial(w, server)
    untouched(server)
    fails(result, 4, 8)
