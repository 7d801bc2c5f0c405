import { MalformedBody } from '../../errors.js';
import { readName } from '../read-name.js';
import type { Mapping, RowKind } from './mapping.js';
import { eventMapper, visitorMapper, type MapRow } from './map-row.js';

/**
 * How the rows of a CSV are read whose header has our own words, so that it needs no mapping:
 * `visitorId,event,timestamp,properties.price`, or `visitorId,plan,consents.newsletter`. Of people every other column
 * is a trait. Undefined where words are missing; other columns of events are nothing that we know, and none is left out
 * unsaid. Cells are texts, as nobody said what else they are. Throws {@link MalformedBody} where two columns are one
 * trait.
 */
export function ownMapper(columns: readonly string[], kind: RowKind): MapRow | undefined {
  const mapping = ownMapping(columns, kind);
  const map = mapping && (kind === 'events' ? eventMapper(mapping) : visitorMapper(mapping));
  return (
    map &&
    ((row, idOfRow) => {
      if (row.unnamed === undefined) return map(row, idOfRow);
      const reason = 'has a value under no name; give that column one in the header';
      return { number: row.number, line: row.line, reason, example: row.unnamed };
    })
  );
}

interface Words {
  readonly required: readonly string[];
  readonly known: readonly string[];
  readonly prefix: string;
}

const WORDS: Readonly<Record<RowKind, Words>> = {
  events: {
    required: ['visitorId', 'event', 'timestamp'],
    known: ['event', 'timestamp', 'channel', 'messageId'],
    prefix: 'properties.',
  },
  visitors: { required: ['visitorId'], known: ['timestamp'], prefix: 'traits.' },
};
const CONSENT = 'consents.';

function ownMapping(columns: readonly string[], kind: RowKind): Mapping | undefined {
  const { required, known, prefix } = WORDS[kind];
  if (!required.every((word) => columns.includes(word))) return undefined;
  const others = columns.filter((column) => column !== 'visitorId' && !known.includes(column));
  if (kind === 'events' && !others.every((column) => column.startsWith(prefix))) return undefined;
  const isConsent = (column: string): boolean => kind === 'visitors' && column.startsWith(CONSENT);
  const there = known.filter((word) => columns.includes(word)).map((word) => [word, { column: word }]);
  const consents = others
    .filter(isConsent)
    .map((column) => [readName(column.slice(CONSENT.length)), { column }] as const);
  const fields = others
    .filter((column) => !isConsent(column))
    .map((column) => [readName(column.startsWith(prefix) ? column.slice(prefix.length) : column), { column }] as const);
  refuseSameNames(fields);
  return {
    visitorId: { column: 'visitorId' },
    ...(Object.fromEntries(there) as Partial<Mapping>),
    ...(consents.length > 0 ? { consents } : {}),
    fields,
  };
}

/** One of them would be lost. */
function refuseSameNames(fields: readonly (readonly [name: string, { readonly column: string }])[]): void {
  const names = fields.map(([name]) => name);
  const same = fields.filter(([name]) => names.indexOf(name) !== names.lastIndexOf(name));
  if (same.length === 0) return;
  const columns = same.map(([, { column }]) => JSON.stringify(column)).join(', ');
  throw new MalformedBody(`These columns mean the same: ${columns}. Rename one of them, so that neither is lost.`);
}
