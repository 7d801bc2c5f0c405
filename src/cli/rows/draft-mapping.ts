import type { Json } from '../../engine/language/json.js';
import { EVENT_NAMES, findColumn, ID_NAMES, TIME_NAMES } from './column-names.js';
import { guessType } from './guess-type.js';
import type { RowKind } from '../../doors/mapping/mapping.js';

/** The words that stand in a draft where no column's name gives it away. */
const ASK = {
  visitorId: 'THE COLUMN THAT SAYS WHO',
  timestamp: 'THE COLUMN THAT SAYS WHEN',
  event: { value: 'WHAT HAPPENED' },
};

/**
 * A first draft of a mapping file for the columns of a file, as JSON text to save and correct. Columns are guessed by
 * their names, their types by the values of the first rows. Where no name says who a row is about, the draft asks.
 */
export function draftMapping(kind: RowKind, columns: readonly string[], sample: readonly (readonly Json[])[]): string {
  const visitorId = findColumn(columns, ID_NAMES);
  const timestamp = kind === 'events' ? findColumn(columns, TIME_NAMES) : undefined;
  const event = kind === 'events' ? findColumn(columns, EVENT_NAMES) : undefined;
  const rest = columns.filter((column) => ![visitorId, timestamp, event].includes(column));
  const names = namesOf(rest);
  const fields = Object.fromEntries(
    rest.map((column, index) => [names[index] ?? column, sourceOf(column, valuesOf(column))]),
  );
  if (kind === 'visitors') return write({ visitorId: visitorId ?? ASK.visitorId, traits: fields });
  return write({
    visitorId: visitorId ?? ASK.visitorId,
    timestamp: timestamp === undefined ? ASK.timestamp : timeOf(timestamp, valuesOf(timestamp)),
    event: event ?? ASK.event,
    properties: fields,
  });

  function valuesOf(column: string): readonly Json[] {
    const index = columns.indexOf(column);
    return sample.map((row) => row[index] ?? '');
  }
}

/**
 * What to ask where no column's name says who: which columns could. Undefined where one is known.
 */
export function askForId(columns: readonly string[], sample: readonly (readonly Json[])[]): string | undefined {
  if (findColumn(columns, ID_NAMES) !== undefined) return undefined;
  const candidates = columns.filter((_, index) => {
    const values = sample.map((row) => row[index] ?? '');
    return !values.includes('') && new Set(values).size === values.length;
  });
  const such = candidates.length === 0 ? columns : candidates;
  return (
    'Which column says who a row is about? Its name does not give it away. ' +
    `It may be ${such.map((column) => JSON.stringify(column)).join(', ')}. ` +
    'Where there is none, "#row" takes the number of the row: the same person is then another one in the next file.'
  );
}

/** A dot in a name would be read as a path in a rule; names that are alike without it get a number. */
function namesOf(columns: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (const column of columns) {
    const name = column.replace(/\.+/g, '_');
    let free = name;
    for (let count = 2; names.includes(free); count++) free = `${name}_${count}`;
    names.push(free);
  }
  return names;
}

function sourceOf(column: string, values: readonly Json[]): Json {
  const type = guessType(column, values);
  return type === undefined ? column : { column, ...type };
}

/** A time needs no type, but the pattern of a day. */
function timeOf(column: string, values: readonly Json[]): Json {
  const type = guessType(column, values);
  return type?.['type'] === 'date' ? { column, ...type } : column;
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
