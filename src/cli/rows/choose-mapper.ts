import { readFileSync } from 'node:fs';
import { CommandFailed, type UsherError } from '../../errors.js';
import { draftMapping } from './draft-mapping.js';
import { eventMapper, visitorMapper, type MapRow } from '../../doors/mapping/map-row.js';
import { readMapping, type Mapping, type RowKind, type Source } from '../../doors/mapping/mapping.js';
import type { RowFile } from './open-rows.js';
import { passEvent, passVisitor } from './pass-row.js';

/** Reads a mapping file. Throws `CommandFailed`. */
export function loadMapping(file: string, kind: RowKind): Mapping {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new CommandFailed(`The mapping ${file} can't be read. Is it there? Without --map a draft is printed.`);
  }
  return readMapping(text, kind, file);
}

/**
 * How the rows of a file are made into what is sent: by its mapping or, without one, as they are where they have our
 * own words. Throws `CommandFailed` where neither is possible, with a draft of the mapping to write.
 */
export function chooseMapper(file: RowFile, kind: RowKind, mapping: Mapping | undefined): MapRow {
  const used = mapping ?? ownMapping(file, kind);
  if (used) {
    refuseUnknownColumns(file, used);
    return kind === 'events' ? eventMapper(used) : visitorMapper(used);
  }
  if (file.format === 'ndjson' && hasOwnWords(file, kind)) return kind === 'events' ? passEvent : passVisitor;
  throw missingMapping(file, kind);
}

/**
 * A CSV whose header has our own words needs no mapping: `visitorId,event,timestamp,properties.price`. Of people every
 * other column is a trait; other columns of events are nothing that we know, and none is left out unsaid.
 */
function ownMapping({ format, columns }: RowFile, kind: RowKind): Mapping | undefined {
  const required = kind === 'events' ? ['visitorId', 'event', 'timestamp'] : ['visitorId'];
  if (format !== 'csv' || !required.every((word) => columns.includes(word))) return undefined;
  const prefix = kind === 'events' ? 'properties.' : 'traits.';
  const words = kind === 'events' ? ['event', 'timestamp', 'channel', 'messageId'] : ['timestamp'];
  const others = columns.filter((column) => !['', 'visitorId', ...words].includes(column));
  if (kind === 'events' && !others.every((column) => column.startsWith(prefix))) return undefined;
  const fields = others.map(
    (column) => [column.startsWith(prefix) ? column.slice(prefix.length) : column, { column }] as const,
  );
  const there = words.filter((word) => columns.includes(word)).map((word) => [word, { column: word }]);
  return { visitorId: { column: 'visitorId' }, ...(Object.fromEntries(there) as Partial<Mapping>), fields };
}

function hasOwnWords({ columns }: RowFile, kind: RowKind): boolean {
  if (kind === 'visitors') return columns.includes('visitorId');
  return columns.includes('type') && (columns.includes('userId') || columns.includes('anonymousId'));
}

/** Only a CSV says beforehand which columns it has. */
function refuseUnknownColumns({ format, columns }: RowFile, mapping: Mapping): void {
  if (format !== 'csv') return;
  const { visitorId, timestamp, event, channel, messageId, fields } = mapping;
  const sources: (Source | undefined)[] = [
    visitorId,
    timestamp,
    event,
    channel,
    messageId,
    ...fields.map(([, source]) => source),
  ];
  const asked = sources.flatMap((source) => (source && 'column' in source ? [source.column] : []));
  const unknown = new Set(asked.filter((column) => column !== '#row' && !columns.includes(column)));
  if (unknown.size === 0) return;
  throw new CommandFailed(
    `The mapping asks for ${quoted([...unknown])}, which the file does not have. Its columns are ${quoted(columns)}.`,
  );
}

const OWN_WORDS: Readonly<Record<RowFile['format'], Readonly<Record<RowKind, string>>>> = {
  csv: {
    events: 'its columns are not visitorId, event and timestamp, with channel, messageId and such as properties.price',
    visitors: 'it does not have the column visitorId',
  },
  ndjson: {
    events: 'it does not have events as the Segment API has them, with type and userId or anonymousId',
    visitors: 'it does not have visitors with visitorId and traits',
  },
};

function missingMapping(file: RowFile, kind: RowKind): UsherError {
  if (file.columns.length === 0) {
    return new CommandFailed(
      'No line at its beginning is a JSON object, and NDJSON has one object a line. Turn it into that with: ' +
        'jq -c . FILE',
    );
  }
  const command = kind === 'events' ? 'track' : 'import';
  return new CommandFailed(
    [
      `The file needs a mapping, because ${OWN_WORDS[file.format][kind]}.`,
      'Here is a first draft for its columns. Correct it, save it as map.json and run it again:',
      `  usher ${command} FILE --map map.json`,
      '',
      draftMapping(kind, file.columns, file.sample),
    ].join('\n'),
  );
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
