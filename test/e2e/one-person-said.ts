/** One person's data, written in the many ways that doors read alike. Ids and times are given as JSON. */
export const NDJSON = 'application/x-ndjson';
/** In seconds. */
export const TWENTY_DAYS = 1_728_000;
/** In seconds since 1970, as not all spellings tell more; what begins here is retained whole. */
export const FIRST = Math.floor(Date.now() / 1_000) - 30 * 86_400;

/** How one id may be written, as JSON. */
export const SPELLINGS: readonly (readonly [string, (id: string) => string])[] = [
  ['as it is', (id) => JSON.stringify(`${id} M\u00FCller`)],
  ['with blanks around it', (id) => JSON.stringify(` ${id} M\u00FCller\u00A0\t`)],
  ['with a mark at its beginning', (id) => JSON.stringify(`\uFEFF${id} M\u00FCller\u200B`)],
  ['decomposed', (id) => JSON.stringify(`${id} Mu\u0308ller`)],
];

/** How one name may be written: that of an event, a trait, a property, a channel, a column. */
export const NAMES: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => ` ${name}\u00A0 `,
  (name) => `\uFEFF${name}\u200B`.normalize('NFD'),
];

/** One instant, of so many seconds since 1970, as JSON has it. */
export const TIMES: readonly ((seconds: number) => string)[] = [
  (seconds) => JSON.stringify(new Date(seconds * 1_000).toISOString()),
  (seconds) => JSON.stringify(new Date(seconds * 1_000).toISOString().replace('T', ' ').slice(0, 19)),
  (seconds) => JSON.stringify(new Date((seconds + 19_800) * 1_000).toISOString().replace('Z', '+0530')),
  (seconds) => JSON.stringify(new Date(seconds * 1_000).toUTCString()),
  (seconds) => `${seconds}`,
  (seconds) => `${seconds}000`,
  (seconds) => `${seconds}000000`,
  (seconds) => `"${seconds}000000000"`,
];

/** How something is sent. */
export interface Sending {
  readonly charset: string;
  /** With gzip. */
  readonly packed: boolean;
  /** Of a body; JSON where it is absent. */
  readonly type?: string;
  /** Of a file. */
  readonly mapping?: object;
}

/** What is said of a person. */
export interface Said extends Sending {
  readonly who: string;
  /** The id of their device. */
  readonly device: string;
  readonly when: string;
  readonly text: string;
  readonly amount: number;
  /** Spells a name. */
  readonly named: (name: string) => string;
}

/** The kinds of call, `device` being a `track` of a device that nobody has logged in on. */
export type Call = 'track' | 'page' | 'screen' | 'identify' | 'group' | 'alias' | 'device';

/** The type of an event of that kind, as its path and its `type` name it. */
export const typeOf = (call: Call): string => (call === 'device' ? 'track' : call);

/** The members of an event besides its type and whose it is. */
export function happened(call: Call, said: Said): string {
  const { when, device } = said;
  const [values, event] = [valuesOf(said), nameOf(SEEN, said)];
  const members: Readonly<Record<Call, string>> = {
    track: `"event":${event},"properties":${values}`,
    device: `"event":${event},"properties":${values}`,
    page: `"name":"Home","category":"Shop","properties":${values}`,
    screen: `"name":"Home","properties":${values}`,
    identify: `"anonymousId":${device},"traits":${values}`,
    group: `"groupId":" 42 ","traits":${values}`,
    alias: `"previousId":${device}`,
  };
  const channel = `"channel":${nameOf('web', said)}`;
  return `${members[call]},"timestamp":${when},"messageId":"m-1",${channel},"context":{${channel}}`;
}

const SEEN = 'F\u00FCr sp\u00E4ter gesehen';
const SIZE = 'Gr\u00F6\u00DFe';

function nameOf(name: string, { named }: Said): string {
  return JSON.stringify(named(name));
}

/** Properties or traits; the amount is a number, or a text as in a table. */
export function valuesOf(
  said: Said,
  amountIs: 'number' | 'text' = 'number',
  wrapped: (value: string) => string = (value) => value,
): string {
  const { text, amount } = said;
  const written = amountIs === 'number' ? `${amount}.50` : `"${amount},50"`;
  return `{${nameOf(SIZE, said)}:${wrapped(JSON.stringify(text))},${nameOf('amount', said)}:${wrapped(written)}}`;
}

/** A whole event. */
export function event(call: Call, said: Said): string {
  const whose = call === 'device' ? 'anonymousId' : 'userId';
  return `{"type":"${typeOf(call)}","${whose}":${said.who},${happened(call, said)}}`;
}

/** What a page and a screen are remembered as, told as a `track`. */
export function viewed(call: 'page' | 'screen', said: Said): string {
  const { who, when: at } = said;
  const [name, category] = call === 'page' ? ['Page Viewed', '"category":"Shop",'] : ['Screen Viewed', ''];
  const properties = `{"name":"Home",${category}${valuesOf(said).slice(1)}`;
  const when = `"timestamp":${at},"messageId":"m-1","context":{"channel":"web"}`;
  return `{"type":"track","userId":${who},"event":"${name}","properties":${properties},${when}}`;
}

/** A request for a decision that brings an event; of a device it says by `visitorId` alone whose that is. */
export function asked(call: Call, said: Said): string {
  const brought = call === 'device' ? `{"type":"track",${happened(call, said)}}` : event(call, said);
  return `{"visitorId":${said.who},"placements":["hero"],"events":[${brought}]}`;
}

/** A line of an import with what the person did. */
export function history(call: 'track' | 'device', said: Said): string {
  const whose = call === 'device' ? '"known":false' : '"known":true';
  const did = happened(call, said).replace(/,"context":.*$/, '');
  return `{"visitorId":${said.who},${whose},"interactions":[{${did}}]}\n`;
}

/** A line of an import with traits and a consent; the amount is a number, or a text as in a table. */
export function line(said: Said, amountIs: 'number' | 'text'): string {
  const { who, when } = said;
  const consents = `{${nameOf('newsletter', said)}:"granted"}`;
  return `{"visitorId":${who},"timestamp":${when},"traits":${valuesOf(said, amountIs)},"consents":${consents}}\n`;
}

/** The same as a table in our own words, whose cells are texts. */
export function table({ who, when, text, amount, named }: Said): string {
  const header = ['visitorId', 'timestamp', SIZE, 'amount', 'consents.newsletter'].map(named).join(';');
  return rows(header, [who, when, text, `${amount},50`, 'granted']);
}

/** The same, and events, as somebody else's system has them; {@link MAPPINGS} says what its words mean. */
export function theirTable({ who, when, text, amount, named }: Said): string {
  const header = ['Kunde', 'Zeit', 'Was', 'St\u00FCck', 'Betrag', 'Brief', 'Nr'].map(named).join(';');
  return rows(header, [who, when, 'gesehen', text, `${amount},50`, 'ja', 'm-1']);
}

/** The same as NDJSON. */
export function theirLine({ who, when, text, amount, named }: Said): string {
  const cells = { Was: 'gesehen', Stück: text, Betrag: `${amount},50`, Brief: 'Ja', Nr: 'm-1' };
  const rest = JSON.stringify(Object.fromEntries(Object.entries(cells).map(([name, cell]) => [named(name), cell])));
  return `{"Kunde":${who},"Zeit":${when},${rest.slice(1)}\n`;
}

/** What the words of the other system mean; names are spelled by whoever writes the mapping. */
export const MAPPINGS = {
  events: ({ named }: Said) => ({
    visitorId: 'Kunde',
    timestamp: 'Zeit',
    event: { column: named('Was'), names: { gesehen: named(SEEN) } },
    properties: values({ column: named('Betrag'), type: 'number', decimal: ',' }, named),
    messageId: 'Nr',
    channel: { value: named('web') },
  }),
  people: ({ named }: Said) => ({
    visitorId: 'Kunde',
    timestamp: 'Zeit',
    traits: values({ column: named('Betrag'), type: 'number', decimal: ',' }, named),
    consents: { [named('newsletter')]: named('Brief') },
  }),
  texts: ({ named }: Said) => ({
    visitorId: 'Kunde',
    timestamp: 'Zeit',
    traits: values('Betrag', named),
    consents: { newsletter: 'Brief' },
  }),
  consents: () => ({
    ...{ visitorId: 'Kunde', known: false, timestamp: 'Zeit', traits: {} },
    consents: { newsletter: 'Brief' },
  }),
} as const;

function values(amount: unknown, named: Said['named']): object {
  return { [named(SIZE)]: named('St\u00FCck'), [named('amount')]: amount };
}

function rows(header: string, cells: readonly string[]): string {
  const plain = cells.map((cell) => (cell.startsWith('"') ? String(JSON.parse(cell)) : cell));
  return `${header}\n${plain.map((cell) => `"${cell}"`).join(';')}\n`;
}
