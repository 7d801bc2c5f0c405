import type { Json } from '../../engine/language/json.js';
import type { RowKind } from '../../doors/mapping/mapping.js';

const ID_NAMES = [
  'userid',
  'visitorid',
  'customerid',
  'customerno',
  'customernumber',
  'clientid',
  'contactid',
  'memberid',
  'memberno',
  'membernumber',
  'anonymousid',
  'userpseudoid',
  'user',
  'customer',
  'email',
  'id',
];
const TIME_NAMES = [
  'eventtime',
  'timestamp',
  'eventtimestamp',
  'createdat',
  'occurredat',
  'receivedat',
  'datetime',
  'time',
  'date',
  'ts',
];
const EVENT_NAMES = ['eventtype', 'event', 'eventname', 'action', 'activity', 'type', 'name'];

/** The words that stand in a draft where no column's name gives it away. */
const ASK = {
  visitorId: 'THE COLUMN THAT SAYS WHO',
  timestamp: 'THE COLUMN THAT SAYS WHEN',
  event: { value: 'WHAT HAPPENED' },
};

/**
 * A first draft of a mapping file for the columns of a file, as JSON text to save and correct. Columns are guessed by
 * their names; those of one row whose values are numbers are given that type.
 */
export function draftMapping(kind: RowKind, columns: readonly string[], sample: readonly Json[]): string {
  const visitorId = find(columns, ID_NAMES);
  const timestamp = kind === 'events' ? find(columns, TIME_NAMES) : undefined;
  const event = kind === 'events' ? find(columns, EVENT_NAMES) : undefined;
  const rest = columns.filter((column) => ![visitorId, timestamp, event].includes(column));
  const fields = Object.fromEntries(
    rest.map((column) => [nameOf(column), sourceOf(column, sample[columns.indexOf(column)])]),
  );
  if (kind === 'visitors') return write({ visitorId: visitorId ?? '#row', traits: fields });
  return write({
    visitorId: visitorId ?? ASK.visitorId,
    timestamp: timestamp ?? ASK.timestamp,
    event: event ?? ASK.event,
    properties: fields,
  });
}

function find(columns: readonly string[], names: readonly string[]): string | undefined {
  const plain = columns.map((column) => column.toLowerCase().replace(/[^a-z]/g, ''));
  const found = names.find((name) => plain.includes(name));
  return found === undefined ? undefined : columns[plain.indexOf(found)];
}

/** A dot in a name would be read as a path in a rule. */
function nameOf(column: string): string {
  return column.replace(/\.+/g, '_');
}

function sourceOf(column: string, sample: Json | undefined): Json {
  return typeof sample === 'string' && /^-?\d{1,15}(\.\d+)?$/.test(sample) && !/id$|code$|zip|phone/i.test(column)
    ? { column, type: 'number' }
    : column;
}

/** As `JSON.stringify` with two spaces, but with one line for each property. */
function write(mapping: Readonly<Record<string, Json>>): string {
  const entries = Object.entries(mapping).map(([word, value]) => {
    const isFields = word === 'properties' || word === 'traits';
    return (
      `  ${JSON.stringify(word)}: ` +
      `${isFields ? writeFields(value as Readonly<Record<string, Json>>) : oneLine(value)}`
    );
  });
  return `{\n${entries.join(',\n')}\n}`;
}

function writeFields(fields: Readonly<Record<string, Json>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `    ${JSON.stringify(name)}: ${oneLine(value)}`);
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`;
}

function oneLine(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, inner]) => `${JSON.stringify(name)}: ${JSON.stringify(inner)}`)
    .join(', ')} }`;
}
