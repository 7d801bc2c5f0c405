import { exactJson } from '../exact-json.js';
import { CommandFailed } from '../../errors.js';
import { readCharset } from '../bytes/charset.js';
import type { ColumnSource, Source } from './column-source.js';
import { isTimeZone } from '../../engine/values/wall-clock.js';
import { readSource, type SourcePlace } from './read-source.js';
import { isObject } from '../../engine/language/is-object.js';
import { readName } from '../read-name.js';
import { findLost } from '../find-in-json.js';

/** What a file is read for: events (`usher track`) or visitors with their traits (`usher import`). */
export type RowKind = 'events' | 'visitors';

/** Which column of a file is what. */
export interface Mapping {
  readonly visitorId: ColumnSource;
  /** Of visitors: whether `visitorId` are the ids of known people, as they are unless this is false, or of devices. */
  readonly known?: boolean;
  readonly timestamp?: Source;
  readonly event?: Source;
  readonly channel?: Source;
  readonly messageId?: ColumnSource;
  /** Properties of events, or traits of visitors: the name in Usher and where its value comes from. */
  readonly fields: readonly (readonly [name: string, source: Source])[];
  /** Of visitors: the purpose and where it is said whether it is granted. */
  readonly consents?: readonly (readonly [purpose: string, source: Source])[];
  /** Of a CSV file; found out from the header when absent. */
  readonly delimiter?: string;
  /** By whose clocks times without a zone are; UTC when absent. */
  readonly timeZone?: string;
  /** What the file is encoded in, where it is not UTF-8 and has no byte order mark. */
  readonly encoding?: string;
}

interface Kind {
  readonly known: readonly string[];
  readonly required: readonly string[];
  readonly fields: string;
}

const OF_FILES = ['delimiter', 'encoding', 'timeZone', '$schema'];

const KINDS: Readonly<Record<RowKind, Kind>> = {
  events: {
    known: ['visitorId', 'timestamp', 'event', 'properties', 'channel', 'messageId', ...OF_FILES],
    required: ['visitorId', 'timestamp', 'event'],
    fields: 'properties',
  },
  visitors: {
    known: ['visitorId', 'known', 'traits', 'consents', 'timestamp', ...OF_FILES],
    required: ['visitorId', 'traits'],
    fields: 'traits',
  },
};

/** Reads the text of a mapping file. Throws `CommandFailed` that names everything wrong with it at once. */
export function readMapping(text: string, kind: RowKind, file: string): Mapping {
  const reader = new MappingReader(parse(text, file), KINDS[kind]);
  const mapping = reader.read();
  if (mapping) return mapping;
  throw new CommandFailed(
    `The mapping ${file} can't be used:\n${reader.problems.map((problem) => `  ${problem}`).join('\n')}`,
  );
}

function parse(text: string, file: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = exactJson(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new CommandFailed(
      `The mapping ${file} is not JSON: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  const lost = findLost(value);
  if (lost) throw new CommandFailed(`The mapping ${file} can't be used:\n  "${lost.path}" ${lost.message}`);
  if (isObject(value)) return value;
  throw new CommandFailed(`The mapping ${file} must be a JSON object, such as { "visitorId": "user_id", … }.`);
}

class MappingReader {
  readonly problems: string[] = [];
  private timeZone = 'UTC';

  constructor(
    private readonly raw: Readonly<Record<string, unknown>>,
    private readonly kind: Kind,
  ) {}

  read(): Mapping | undefined {
    this.refuseUnknownWords();
    this.timeZone = this.readTimeZone();
    const visitorId = this.column('visitorId');
    const messageId = this.column('messageId');
    const rest = {
      ...defined('known', this.known()),
      ...defined('timestamp', this.source('timestamp', this.raw['timestamp'], 'instant')),
      ...defined('event', this.source('event', this.raw['event'])),
      ...defined('channel', this.source('channel', this.raw['channel'])),
      ...defined('messageId', messageId),
      ...defined('delimiter', this.delimiter()),
      ...defined('encoding', this.encoding()),
      ...(this.raw['timeZone'] === undefined ? {} : { timeZone: this.timeZone }),
      ...(this.raw['consents'] === undefined
        ? {}
        : { consents: this.sources('consents', '"newsletter": "newsletter_ok"') }),
      fields: this.sources(this.kind.fields, '"price": "unit_price"'),
    };
    return visitorId && this.problems.length === 0 ? { visitorId, ...rest } : undefined;
  }

  private refuseUnknownWords(): void {
    const { known, required } = this.kind;
    for (const word of Object.keys(this.raw)) {
      if (!known.includes(word))
        this.problems.push(`"${word}" is not a word of this mapping; it knows ${known.slice(0, -1).join(', ')}`);
    }
    for (const word of required) {
      if (this.raw[word] === undefined) this.problems.push(`"${word}" is missing`);
    }
  }

  private sources(word: string, example: string): Mapping['fields'] {
    const raw = this.raw[word];
    if (raw === undefined) return [];
    if (!isObject(raw)) {
      this.problems.push(`"${word}" must be an object of names and columns, such as { ${example} }`);
      return [];
    }
    const names = new Set<string>();
    return Object.entries(raw).flatMap(([written, value]) => {
      const name = readName(written);
      if (names.has(name)) this.problems.push(`"${word}.${name}" is given more than once; keep one`);
      names.add(name);
      const source = this.source(`${word}.${name}`, value);
      return source ? [[name, source] as const] : [];
    });
  }

  /** Ids tell rows apart, so a fixed value is refused. */
  private column(word: string): ColumnSource | undefined {
    const source = this.source(word, this.raw[word]);
    if (source === undefined || 'column' in source) return source;
    this.problems.push(`"${word}" must be a column, not one value for all rows`);
    return undefined;
  }

  private source(path: string, raw: unknown, gives: SourcePlace['gives'] = 'day'): Source | undefined {
    return readSource(raw, {
      path,
      gives,
      timeZone: this.timeZone,
      refuse: (problem) => void this.problems.push(problem),
    });
  }

  private readTimeZone(): string {
    const { timeZone = 'UTC' } = this.raw;
    if (typeof timeZone === 'string' && isTimeZone(timeZone)) return timeZone;
    this.problems.push(
      `"timeZone" must be the name of a time zone, such as "Europe/Berlin"; got ${JSON.stringify(timeZone)}`,
    );
    return 'UTC';
  }

  private encoding(): string | undefined {
    const { encoding } = this.raw;
    if (encoding === undefined || (typeof encoding === 'string' && isCharset(encoding))) return encoding;
    this.problems.push(`"encoding" must be one such as "windows-1252" or "utf-16le"; got ${JSON.stringify(encoding)}`);
    return undefined;
  }

  private known(): boolean | undefined {
    const { known } = this.raw;
    if (known === undefined || typeof known === 'boolean') return known;
    this.problems.push(
      `"known" must be true or false: whether the ids are those of known people, or of devices; ` +
        `got ${JSON.stringify(known)}`,
    );
    return undefined;
  }

  private delimiter(): string | undefined {
    const raw = this.raw['delimiter'];
    if (raw === undefined || (typeof raw === 'string' && /^[^"\r\n]$/.test(raw))) return raw;
    this.problems.push('"delimiter" must be one character, neither a quote nor a line break');
    return undefined;
  }
}

function isCharset(label: string): boolean {
  try {
    return readCharset(label) !== '';
  } catch {
    return false;
  }
}

/** An optional property that is left out, rather than set to undefined. */
function defined<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]: V });
}
