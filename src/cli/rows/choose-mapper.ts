import { readFileSync } from 'node:fs';
import { CommandFailed, type UsherError } from '../../errors.js';
import { askForId, draftMapping } from './draft-mapping.js';
import { eventMapper, visitorMapper, type MapRow } from '../../doors/mapping/map-row.js';
import type { Source } from '../../doors/mapping/column-source.js';
import { readMapping, type Mapping, type RowKind } from '../../doors/mapping/mapping.js';
import { ownMapper } from '../../doors/mapping/own-mapping.js';
import { decodeBytes } from '../../doors/bytes/decode-bytes.js';
import type { RowFile } from './open-rows.js';
import { passEvent, passVisitor } from './pass-row.js';

/** Reads a mapping file. Throws `CommandFailed`. */
export function loadMapping(file: string, kind: RowKind): Mapping {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new CommandFailed(`The mapping ${file} can't be read. Is it there? Without --map a draft is printed.`);
  }
  return readMapping(decodeBytes(bytes), kind, file);
}

/**
 * How the rows of a file are made into what is sent: by its mapping or, without one, as they are where they have our
 * own words. Throws `CommandFailed` where neither is possible, with a draft of the mapping to write.
 */
export function chooseMapper(file: RowFile, kind: RowKind, mapping: Mapping | undefined): MapRow {
  if (mapping) {
    refuseUnknownColumns(file, mapping);
    return kind === 'events' ? eventMapper(mapping) : visitorMapper(mapping);
  }
  const own = file.format === 'csv' ? ownMapper(file.columns, kind) : undefined;
  if (own) return own;
  if (file.format === 'ndjson' && hasOwnWords(file, kind)) return kind === 'events' ? passEvent : passVisitor;
  throw missingMapping(file, kind);
}

function hasOwnWords({ columns }: RowFile, kind: RowKind): boolean {
  if (kind === 'visitors') return columns.includes('visitorId');
  return columns.includes('type') && (columns.includes('userId') || columns.includes('anonymousId'));
}

/** Only a CSV says beforehand which columns it has. */
function refuseUnknownColumns({ format, columns }: RowFile, mapping: Mapping): void {
  if (format !== 'csv') return;
  const { visitorId, timestamp, event, channel, messageId, fields, consents = [] } = mapping;
  const sources: (Source | undefined)[] = [
    visitorId,
    timestamp,
    event,
    channel,
    messageId,
    ...[...fields, ...consents].map(([, source]) => source),
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
      ...[askForId(file.columns, file.sample) ?? []].flat(),
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
