import { CommandFailed } from '../../errors.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json } from '../../engine/language/json.js';

/** What a file is read for: events (`usher track`) or visitors with their traits (`usher import`). */
export type RowKind = 'events' | 'visitors';

const TYPES = ['string', 'number', 'boolean', 'json'] as const;
/** What the text of a cell stands for. */
export type CellType = (typeof TYPES)[number];

/** Where a value comes from: a column of the file, or the same value for every row. */
export type Source = ColumnSource | { readonly value: Json };

/** A column, and what its cells stand for. */
export interface ColumnSource {
  /** A column's name, a dotted path into an NDJSON line, or `#row` for the row's number. */
  readonly column: string;
  readonly type?: CellType;
  /** What a value of the file is called in Usher; a value that is not named here keeps its own. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Which column of a file is what. */
export interface Mapping {
  readonly visitorId: ColumnSource;
  readonly timestamp?: Source;
  readonly event?: Source;
  readonly channel?: Source;
  readonly messageId?: ColumnSource;
  /** Properties of events, or traits of visitors: the name in Usher and where its value comes from. */
  readonly fields: readonly (readonly [name: string, source: Source])[];
  /** Of a CSV file; found out from the header when absent. */
  readonly delimiter?: string;
}

interface Kind {
  readonly known: readonly string[];
  readonly required: readonly string[];
  readonly fields: string;
}

const KINDS: Readonly<Record<RowKind, Kind>> = {
  events: {
    known: ['visitorId', 'timestamp', 'event', 'properties', 'channel', 'messageId', 'delimiter', '$schema'],
    required: ['visitorId', 'timestamp', 'event'],
    fields: 'properties',
  },
  visitors: {
    known: ['visitorId', 'traits', 'timestamp', 'delimiter', '$schema'],
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
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new CommandFailed(
      `The mapping ${file} is not JSON: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  if (isObject(value)) return value;
  throw new CommandFailed(`The mapping ${file} must be a JSON object, such as { "visitorId": "user_id", … }.`);
}

class MappingReader {
  readonly problems: string[] = [];

  constructor(
    private readonly raw: Readonly<Record<string, unknown>>,
    private readonly kind: Kind,
  ) {}

  read(): Mapping | undefined {
    this.refuseUnknownWords();
    const visitorId = this.column('visitorId');
    const messageId = this.column('messageId');
    const rest = {
      ...defined('timestamp', this.source('timestamp', this.raw['timestamp'])),
      ...defined('event', this.source('event', this.raw['event'])),
      ...defined('channel', this.source('channel', this.raw['channel'])),
      ...defined('messageId', messageId),
      ...defined('delimiter', this.delimiter()),
      fields: this.fields(),
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

  private fields(): Mapping['fields'] {
    const raw = this.raw[this.kind.fields];
    if (raw === undefined) return [];
    if (!isObject(raw)) {
      this.problems.push(
        `"${this.kind.fields}" must be an object of names and columns, such as { "price": "unit_price" }`,
      );
      return [];
    }
    return Object.entries(raw).flatMap(([name, value]) => {
      const source = this.source(`${this.kind.fields}.${name}`, value);
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

  private source(path: string, raw: unknown): Source | undefined {
    if (raw === undefined) return undefined;
    if (typeof raw === 'string' && raw !== '') return { column: raw };
    if (isObject(raw) && 'value' in raw && Object.keys(raw).length === 1) return { value: raw['value'] };
    if (isObject(raw) && typeof raw['column'] === 'string' && raw['column'] !== '')
      return this.columnSource(path, raw['column'], raw);
    this.problems.push(`"${path}" must be a column's name, { "column": … } or { "value": … }`);
    return undefined;
  }

  private columnSource(path: string, column: string, raw: Readonly<Record<string, unknown>>): ColumnSource {
    const unknown = Object.keys(raw).filter((word) => !['column', 'type', 'names'].includes(word));
    if (unknown.length > 0)
      this.problems.push(`"${path}" does not know "${unknown.join('", "')}", only column, type and names`);
    return {
      column,
      ...defined('type', this.type(path, raw['type'])),
      ...defined('names', this.names(path, raw['names'])),
    };
  }

  private type(path: string, raw: unknown): CellType | undefined {
    const type = TYPES.find((known) => known === raw);
    if (raw !== undefined && !type)
      this.problems.push(`"${path}.type" must be one of ${TYPES.join(', ')}; got ${JSON.stringify(raw)}`);
    return type;
  }

  private names(path: string, raw: unknown): ColumnSource['names'] {
    if (raw === undefined) return undefined;
    if (isObject(raw) && Object.values(raw).every((name) => typeof name === 'string'))
      return raw as Record<string, string>;
    this.problems.push(`"${path}.names" must be an object of texts, such as { "view": "Product Viewed" }`);
    return undefined;
  }

  private delimiter(): string | undefined {
    const raw = this.raw['delimiter'];
    if (raw === undefined || (typeof raw === 'string' && raw.length === 1)) return raw;
    this.problems.push('"delimiter" must be one character');
    return undefined;
  }
}

/** An optional property that is left out, rather than set to undefined. */
function defined<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]: V });
}
