import { gzipSync } from 'node:zlib';

/** A request that must be refused: what is wrong with it, and how it is sent. A text or bytes go as they are. */
export interface BadRequest {
  readonly what: string;
  readonly status: number;
  readonly path: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the first problem must be said to be. */
  readonly at?: string;
}

const LONG = 'x'.repeat(257);
const TEXT = { 'content-type': 'application/json' };
const GZIPPED = { ...TEXT, 'content-encoding': 'gzip' };
const ok = { visitorId: 'v', placements: ['hero'] };
const deep = (levels: number): object => (levels === 0 ? {} : { d: deep(levels - 1) });
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const as = (type: string) => ({ headers: { 'content-type': type } });

const decision = (what: string, members: object, at: string): BadRequest => ({
  what: `a decision with ${what}`,
  status: 400,
  path: '/v1/decisions',
  body: { ...ok, ...members },
  at,
});
const event = (what: string, members: object, at: string): BadRequest => ({
  what: `an event with ${what}`,
  status: 400,
  path: '/v1/track',
  body: { userId: 'u', event: 'e', ...members },
  at,
});
const raw = (what: string, body: unknown, more: Partial<BadRequest> = {}): BadRequest => ({
  what: `a body that is ${what}`,
  status: 400,
  path: '/v1/decisions',
  body,
  ...more,
});
const traits = (what: string, body: unknown, more: Partial<BadRequest> = {}): BadRequest => ({
  what: `traits that are ${what}`,
  status: 400,
  method: 'PATCH',
  path: '/v1/visitors/v/traits',
  body,
  ...more,
});

const DECISIONS: readonly BadRequest[] = [
  {
    what: 'a decision for nobody',
    status: 400,
    path: '/v1/decisions',
    body: { placements: ['hero'] },
    at: 'visitorId',
  },
  { what: 'a decision on nothing', status: 400, path: '/v1/decisions', body: { visitorId: 'v' }, at: 'placements' },
  decision('a number with a fraction for an id', { visitorId: 7.5 }, 'visitorId'),
  decision('an id with a NUL', { visitorId: 'a\0b' }, 'visitorId'),
  decision('an id with newlines', { visitorId: 'a{b}\n\r}' }, 'visitorId'),
  decision('null for an id', { visitorId: null }, 'visitorId'),
  decision('an empty id', { visitorId: '' }, 'visitorId'),
  decision('an id of 257 characters', { visitorId: LONG }, 'visitorId'),
  decision('half a letter in the id', { visitorId: 'a\ud800b' }, 'visitorId'),
  decision('no placements', { placements: [] }, 'placements'),
  decision('a text for placements', { placements: 'hero' }, 'placements'),
  decision('31 placements', { placements: Array.from({ length: 31 }, () => 'hero') }, 'placements'),
  decision('a number for a placement', { placements: [7] }, 'placements[0]'),
  decision('null for a placement', { placements: ['hero', null] }, 'placements[1]'),
  decision('a list for a placement', { placements: [['hero']] }, 'placements[0]'),
  decision('a placement without an id', { placements: [{ count: 1 }] }, 'placements[0].id'),
  decision('an empty placement', { placements: [''] }, 'placements[0]'),
  decision('a placement of 257 characters', { placements: [LONG] }, 'placements[0]'),
  decision('an unknown placement', { placements: ['hero', 'nowhere'] }, 'placements[1]'),
  decision('a placement called __proto__', { placements: ['__proto__'] }, 'placements[0]'),
  decision('a placement called constructor', { placements: ['constructor'] }, 'placements[0]'),
  decision('a count of 0', { placements: [{ id: 'hero', count: 0 }] }, 'placements[0].count'),
  decision('a count of 51', { placements: [{ id: 'hero', count: 51 }] }, 'placements[0].count'),
  decision('a count of 1.5', { placements: [{ id: 'hero', count: 1.5 }] }, 'placements[0].count'),
  decision('a text for a count', { placements: [{ id: 'hero', count: '2' }] }, 'placements[0].count'),
  decision(
    'a member of a placement that is not known',
    { placements: [{ id: 'hero', cuont: 2 }] },
    'placements[0].cuont',
  ),
  decision('a number for a channel', { channel: 7 }, 'channel'),
  decision('a channel of 257 characters', { channel: LONG }, 'channel'),
  decision('an empty channel', { channel: '' }, 'channel'),
  decision('a text for a context', { context: 'web' }, 'context'),
  decision('a list for a context', { context: [] }, 'context'),
  decision('null for a context', { context: null }, 'context'),
  decision('a context 11 deep', { context: deep(11) }, 'context'),
  decision('an object for events', { events: {} }, 'events'),
  decision('51 events', { events: Array.from({ length: 51 }, () => ({ type: 'track', event: 'e' })) }, 'events'),
  decision('a text for an event', { events: ['e'] }, 'events[0]'),
  decision('null for an event', { events: [null] }, 'events[0]'),
  decision('an event without a type', { events: [{ event: 'e' }] }, 'events[0].type'),
  decision(
    'an event 11 deep',
    { events: [{ type: 'track', event: 'e', properties: deep(11) }] },
    'events[0].properties',
  ),
  decision('now without dryRun', { now: '2026-11-21T10:00:00Z' }, 'now'),
  decision('now and dryRun false', { now: '2026-11-21T10:00:00Z', dryRun: false }, 'now'),
  decision('now that is no time', { now: 'tomorrow', dryRun: true }, 'now'),
  decision('now that is a number', { now: 1_795_000_000_000, dryRun: true }, 'now'),
  decision('now that is not in the calendar', { now: '2026-02-30T10:00:00Z', dryRun: true }, 'now'),
  decision('now of month 13', { now: '2026-13-01T10:00:00Z', dryRun: true }, 'now'),
  decision('now on a day that may be two', { now: '03/04/2026', dryRun: true }, 'now'),
  decision('a text for dryRun', { dryRun: 'true' }, 'dryRun'),
  decision('a number for explain', { explain: 1 }, 'explain'),
  decision('a member that is not known', { visitorID: 'v' }, 'visitorID'),
];

const EVENTS: readonly BadRequest[] = [
  { what: 'an event of nobody', status: 400, path: '/v1/track', body: { event: 'e' }, at: 'userId' },
  { what: 'an identify call of nobody', status: 400, path: '/v1/identify', body: { traits: {} }, at: 'userId' },
  event('no name', { event: undefined }, 'event'),
  event('an empty name', { event: '' }, 'event'),
  event('a number for a name', { event: 7 }, 'event'),
  event('a name of 257 characters', { event: LONG }, 'event'),
  event('an object for an id', { userId: {} }, 'userId'),
  event('an id of 257 characters', { userId: LONG }, 'userId'),
  event('half a letter in the id', { userId: 'a\udc00b' }, 'userId'),
  event('an anonymous id of 257 characters', { anonymousId: LONG }, 'anonymousId'),
  event('a message id of 257 characters', { messageId: LONG }, 'messageId'),
  event('a list for a message id', { messageId: [] }, 'messageId'),
  event('a timestamp that is no time', { timestamp: 'now' }, 'timestamp'),
  event('a timestamp before 1990', { timestamp: '1989-12-31T23:59:59Z' }, 'timestamp'),
  event('a number for a timestamp that is before 1990', { timestamp: 1 }, 'timestamp'),
  event('an original timestamp that is no time', { originalTimestamp: 'now' }, 'originalTimestamp'),
  event('a list for a timestamp', { timestamp: [] }, 'timestamp'),
  event('a timestamp of month 13', { timestamp: '2026-13-01T00:00:00Z' }, 'timestamp'),
  event('a timestamp that is not in the calendar', { timestamp: '2026-02-30T00:00:00Z' }, 'timestamp'),
  event('a text for properties', { properties: 'p' }, 'properties'),
  event('a list for properties', { properties: [] }, 'properties'),
  event('properties 11 deep', { properties: deep(11) }, 'properties'),
  event('a text for a context', { context: 'c' }, 'context'),
  event('a number for a channel', { context: { channel: 7 } }, 'context.channel'),
  {
    what: 'a page with a number for a name',
    status: 400,
    path: '/v1/page',
    body: { userId: 'u', name: 7 },
    at: 'name',
  },
  {
    what: 'a screen with a list for a category',
    status: 400,
    path: '/v1/screen',
    body: { userId: 'u', category: [] },
    at: 'category',
  },
  {
    what: 'an identify call with a list of traits',
    status: 400,
    path: '/v1/identify',
    body: { userId: 'u', traits: [] },
    at: 'traits',
  },
  {
    what: 'an identify call with traits 11 deep',
    status: 400,
    path: '/v1/identify',
    body: { userId: 'u', traits: deep(11) },
    at: 'traits',
  },
  {
    what: 'an identify call with a list of traits in the context',
    status: 400,
    path: '/v1/identify',
    body: { userId: 'u', context: { traits: [] } },
    at: 'context.traits',
  },
  { what: 'a group call of nobody', status: 400, path: '/v1/group', body: { groupId: 'g' }, at: 'userId' },
  { what: 'a group call without a group', status: 400, path: '/v1/group', body: { userId: 'u' }, at: 'groupId' },
  {
    what: 'a group call with an object for a group',
    status: 400,
    path: '/v1/group',
    body: { userId: 'u', groupId: {} },
    at: 'groupId',
  },
  {
    what: 'an alias call of a device alone',
    status: 400,
    path: '/v1/alias',
    body: { anonymousId: 'a', previousId: 'b' },
    at: 'userId',
  },
  {
    what: 'an alias call without a previous id',
    status: 400,
    path: '/v1/alias',
    body: { userId: 'u' },
    at: 'previousId',
  },
  { what: 'a page call of nobody', status: 400, path: '/v1/page', body: {}, at: 'userId' },
  {
    what: 'a screen call with a number for properties',
    status: 400,
    path: '/v1/screen',
    body: { userId: 'u', properties: 1 },
    at: 'properties',
  },
  { what: 'an event that is a list', status: 400, path: '/v1/track', body: [] },
  { what: 'an event that is null', status: 400, path: '/v1/track', body: 'null' },
  { what: 'a batch without a batch', status: 400, path: '/v1/batch', body: {}, at: 'batch' },
  { what: 'a batch that is an object', status: 400, path: '/v1/batch', body: { batch: {} }, at: 'batch' },
  { what: 'a batch that is a list', status: 400, path: '/v1/batch', body: [] },
  {
    what: 'a batch of 2,501 events',
    status: 400,
    path: '/v1/batch',
    body: { batch: Array.from({ length: 2_501 }, () => 0) },
    at: 'batch',
  },
  {
    what: 'a batch larger than a megabyte',
    status: 413,
    path: '/v1/batch',
    body: { batch: [], note: 'x'.repeat(1_100_000) },
  },
];

const BODIES: readonly BadRequest[] = [
  raw('empty', ''),
  raw('missing', undefined, { headers: {} }),
  raw('not JSON', 'hello'),
  raw('cut off', '{"visitorId":"v","placements":["he'),
  raw('JSON and more', `${JSON.stringify(ok)} x`),
  raw('two objects', '{}{}'),
  raw('JSON with NaN', '{"visitorId":"v","placements":["hero"],"context":{"a":NaN}}'),
  raw('JSON with Infinity', '{"visitorId":"v","placements":["hero"],"context":{"a":-Infinity}}'),
  raw('JSON with undefined', '{"visitorId":undefined}'),
  raw('JSON with single quotes', "{'visitorId':'v'}"),
  raw('JSON with a comma too many', '{"visitorId":"v","placements":["hero"],}'),
  raw('JSON with a comment', '{"visitorId":"v"/* me */}'),
  raw('JSON with a NUL byte', '{"visitorId":"v\0","placements":["hero"]}'),
  raw('nothing but NUL bytes', '\0\0\0'),
  raw('a list', '[]'),
  raw('null', 'null'),
  raw('a number', '7'),
  raw('a text', '"v"'),
  raw('a list 30,000 deep', nested(30_000)),
  raw(
    'an object with a context 30,000 deep',
    `{"visitorId":"v","placements":["hero"],"context":{"a":${nested(30_000)}}}`,
  ),
  raw('an object with placements 30,000 deep', `{"visitorId":"v","placements":${nested(30_000)}}`),
  raw(
    'an object with events 30,000 deep',
    `{"visitorId":"v","placements":["hero"],` +
      `"events":[{"type":"track","event":"e","properties":{"a":${nested(30_000)}}}]}`,
  ),
  raw('an event 400,000 deep', `{"userId":"u","event":"e","properties":{"a":${nested(400_000)}}}`, {
    path: '/v1/track',
    at: 'properties',
  }),
  raw('poisoned with __proto__', '{"visitorId":"v","placements":["hero"],"__proto__":{"dryRun":true}}'),
  raw(
    'poisoned with __proto__ further in',
    '{"visitorId":"v","placements":["hero"],"context":{"a":[{"__proto__":{"b":1}}]}}',
  ),
  raw(
    'poisoned with an escaped __proto__',
    '{"visitorId":"v","placements":["hero"],"context":{"\\u005f_proto__":{"b":1}}}',
  ),
  raw(
    'poisoned with __proto__ escaped letter by letter',
    '{"visitorId":"v","placements":["hero"],"context":{"\\u005F\\u005f\\u0070roto__":1}}',
  ),
  raw(
    'poisoned with constructor.prototype',
    '{"visitorId":"v","placements":["hero"],"context":{"constructor":{"prototype":{"b":1}}}}',
  ),
  raw('a poisoned event', '{"userId":"u","event":"e","properties":{"__proto__":{"b":1}}}', { path: '/v1/track' }),
  raw('not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
  raw('half a letter', Buffer.from('{"visitorId":"\xc3"}', 'latin1')),
  raw('UTF-16 that is not declared', Buffer.from(JSON.stringify(ok), 'utf16le')),
  raw('UTF-8 by its charset and UTF-16 by its mark', Buffer.from(`\uFEFF${JSON.stringify(ok)}`, 'utf16le'), {
    ...as('application/json; charset=utf-8'),
  }),
  raw('half a character of UTF-16', Buffer.from(JSON.stringify(ok), 'utf16le').subarray(0, -1), {
    ...as('application/json; charset=utf-16le'),
  }),
  raw('a charset nobody knows', JSON.stringify(ok), { ...as('application/json; charset=klingon'), status: 415 }),
  raw('gzipped and followed by something', Buffer.concat([gzipSync(JSON.stringify(ok)), Buffer.from('more')]), {
    headers: GZIPPED,
  }),
  raw('gzipped and not JSON', gzipSync('hello'), { headers: GZIPPED }),
  raw('gzipped and empty', gzipSync(''), { headers: GZIPPED }),
  raw('gzipped and cut off', gzipSync(JSON.stringify(ok)).subarray(0, 30), { headers: GZIPPED }),
  raw('gzipped by its word alone', JSON.stringify(ok), { headers: GZIPPED }),
  raw('gzipped and poisoned', gzipSync('{"visitorId":"v","placements":["hero"],"__proto__":{"dryRun":true}}'), {
    headers: GZIPPED,
  }),
  raw('gzipped and not UTF-8', gzipSync(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])), {
    headers: GZIPPED,
  }),
  raw(
    'gzipped and larger than 64 KiB inside',
    gzipSync(JSON.stringify({ ...ok, context: { note: 'x'.repeat(70_000) } })),
    { headers: GZIPPED, status: 413 },
  ),
  raw('a gzip bomb', gzipSync(Buffer.alloc(500_000_000)), { path: '/v1/batch', headers: GZIPPED, status: 413 }),
  raw('encoded as nobody knows', JSON.stringify(ok), {
    headers: { ...TEXT, 'content-encoding': 'zigzag' },
    status: 415,
  }),
  raw('XML', '<visitor/>', { ...as('application/xml'), status: 415 }),
  raw('a form', 'visitorId=v', { ...as('application/x-www-form-urlencoded'), status: 415 }),
  raw('cut off JSON labelled a form', '{"visitorId":', as('application/x-www-form-urlencoded')),
  raw('cut off JSON without a type', Buffer.from('{"visitorId":'), { headers: {} }),
  raw('a form of several parts', '--b--', { ...as('multipart/form-data; boundary=b'), status: 415 }),
  raw('of an unreadable type', '{}', { ...as('///'), status: 415 }),
  raw('NDJSON where JSON is wanted', JSON.stringify(ok), { ...as('application/x-ndjson'), status: 415 }),
  raw('larger than 64 KiB', { ...ok, context: { note: 'x'.repeat(70_000) } }, { status: 413 }),
  raw('larger than a megabyte', { ...ok, context: { note: 'x'.repeat(1_200_000) } }, { status: 413 }),
  raw('an id given twice', '{"visitorId":"a","visitorId":"b","placements":["hero"]}', { at: 'visitorId' }),
  raw('an id given twice, the same', '{"visitorId":"a","visitorId":"a","placements":["hero"]}', { at: 'visitorId' }),
  raw('an id given twice, with an escape', '{"visitorId":"a","visitor\\u0049d":"b","placements":["hero"]}', {
    at: 'visitorId',
  }),
  raw('events given twice', '{"visitorId":"a","events":[],"events":[],"placements":["hero"]}', { at: 'events' }),
  raw('a name twice further in', '{"visitorId":"a","placements":["hero"],"context":{"a":[{"b":1,"b":2}]}}', {
    at: 'context.a.0.b',
  }),
  raw('an event with a name twice', '{"userId":"a","userId":"b","event":"e"}', { path: '/v1/track', at: 'userId' }),
  raw('an event with a property twice', '{"userId":"a","event":"e","properties":{"b":{"c":1,"c":2}}}', {
    path: '/v1/track',
    at: 'properties.b.c',
  }),
  raw('a batch given twice', '{"batch":[],"batch":[]}', { path: '/v1/batch', at: 'batch' }),
  raw('a batch whose context has a name twice', '{"batch":[],"context":{"ip":1,"ip":2}}', {
    path: '/v1/batch',
    at: 'context.ip',
  }),
  raw('JSON where NDJSON is wanted', ok, { path: '/v1/decisions/batch', status: 415 }),
  raw('XML where NDJSON is wanted', '<a/>', { path: '/v1/decisions/batch', ...as('text/xml'), status: 415 }),
  raw('JSON where an import is wanted', {}, { path: '/v1/visitors/import', status: 415 }),
  raw('CSV with an open quote', 'visitorId,plan\n"u', { path: '/v1/visitors/import', ...as('text/csv') }),
];

const VISITORS: readonly BadRequest[] = [
  traits('a list', []),
  traits('a text', '"gold"'),
  traits('null', 'null'),
  traits('11 deep', deep(11)),
  traits('not JSON', 'plan=gold'),
  traits('poisoned', '{"__proto__":{"admin":true}}'),
  traits('with a name twice', '{"plan":"gold","plan":"basic"}', { at: 'plan' }),
  traits('of an id of 257 characters', {}, { path: `/v1/visitors/${LONG}/traits`, at: 'id' }),
  { what: 'a visitor of 257 characters', status: 400, method: 'GET', path: `/v1/visitors/${LONG}`, at: 'id' },
  { what: 'a visitor of 4,000 characters', status: 400, method: 'GET', path: `/v1/visitors/${'x'.repeat(4_000)}` },
  { what: 'a stranger', status: 404, method: 'GET', path: '/v1/visitors/stranger' },
];

const ROUTES: readonly BadRequest[] = [
  { what: 'a path that is not there', status: 404, method: 'GET', path: '/v1/decision' },
  { what: 'a body for a path that is not there', status: 404, path: '/v2/decisions', body: ok },
  { what: 'the root', status: 404, method: 'GET', path: '/' },
  { what: 'a decision by GET', status: 404, method: 'GET', path: '/v1/decisions' },
  { what: 'a decision by PUT', status: 404, method: 'PUT', path: '/v1/decisions', body: ok },
  { what: 'an event by DELETE', status: 404, method: 'DELETE', path: '/v1/track' },
  { what: 'traits by POST', status: 404, path: '/v1/visitors/v/traits', body: {} },
  { what: 'a URL with half an escape', status: 400, method: 'GET', path: '/v1/visitors/%E0%A4%A' },
  { what: 'a URL with an escape that is none', status: 400, method: 'GET', path: '/v1/visitors/%zz' },
  { what: 'a URL with bytes that are no text', status: 400, method: 'GET', path: '/v1/visitors/%ff%fe' },
  { what: 'a URL with half a surrogate pair', status: 400, method: 'GET', path: '/v1/visitors/%ED%A0%80' },
  {
    what: 'a query with half a surrogate pair',
    status: 400,
    method: 'GET',
    path: '/v1/visitors/stranger/timeline?event=%ED%A0%80',
  },
  { what: 'a path that climbs', status: 404, method: 'GET', path: '/v1/%2e%2e/%2e%2e/etc/passwd' },
];

/** Every kind of bad request that is known of. */
export const BAD_REQUESTS: readonly BadRequest[] = [...DECISIONS, ...EVENTS, ...BODIES, ...VISITORS, ...ROUTES];
