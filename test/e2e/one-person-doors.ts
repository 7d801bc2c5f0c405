import { expect } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type * as importing from '../../src/cli/import-visitors.js';
import type * as tracking from '../../src/cli/track-events.js';
import { importBuilt } from './built.js';
import {
  asked,
  event,
  happened,
  history,
  line,
  MAPPINGS,
  NAMES,
  NDJSON,
  table,
  theirLine,
  theirTable,
  typeOf,
  valuesOf,
  viewed,
  type Call,
  type Said,
  type Sending,
} from './one-person-said.js';
import type { Service } from './service.js';

const { importVisitors } = await importBuilt<typeof importing>('./cli/import-visitors.js');
const { trackEvents } = await importBuilt<typeof tracking>('./cli/track-events.js');

/** A way in. */
export type Door = (said: Said) => Promise<void>;

/** Every door of a service, those of one group being told the same of a person. Files are written into the folder. */
export function doorsOf(service: Service, folder: string): Readonly<Record<string, Readonly<Record<string, Door>>>> {
  const { send, command } = waysInto(service, folder);
  const post = (path: string, text: string, sending: Sending) => send('POST', path, text, sending);
  const imported = (text: string, said: Said) => post('/v1/visitors/import', text, { ...said, type: NDJSON });

  /** What every call is told at. */
  const everywhere = (call: Call): Readonly<Record<string, Door>> => ({
    'a call': (said) => {
      const whose = call === 'device' ? 'anonymousId' : 'userId';
      return post(`/v1/${typeOf(call)}`, `{"${whose}":${said.who},${happened(call, said)}}`, said);
    },
    'a batch': (said) => post('/v1/batch', `{"batch":[${event(call, said)}]}`, said),
    'a decision': (said) => post('/v1/decisions', asked(call, said), said),
    'lines of decisions': (said) => post('/v1/decisions/batch', `${asked(call, said)}\n`, { ...said, type: NDJSON }),
    'usher track': (said) => command('track', 'e.ndjson', `${event(call, said)}\n`, said),
  });
  const asHistory = (call: 'track' | 'device'): Readonly<Record<string, Door>> => ({
    'a history': (said) => imported(history(call, said), said),
    'usher import of a history': (said) => command('import', 'h.ndjson', history(call, said), said),
  });
  const asTrack = (call: 'page' | 'screen'): Readonly<Record<string, Door>> => ({
    'a track of that name': (said) => post('/v1/track', viewed(call, said), said),
  });
  const mapped = (run: Run, mapping: keyof typeof MAPPINGS): Readonly<Record<string, Door>> => ({
    'a table with a mapping': (said) =>
      command(run, 't.csv', theirTable(said), { ...said, mapping: MAPPINGS[mapping](otherwise(said)) }),
    'lines with a mapping': (said) =>
      command(run, 't.ndjson', theirLine(said), { ...said, mapping: MAPPINGS[mapping](otherwise(said)) }),
  });
  const address = ({ who }: Said) => `/v1/visitors/${encodeURIComponent(String(JSON.parse(who)))}`;

  return {
    track: { ...everywhere('track'), ...asHistory('track'), ...mapped('track', 'events') },
    'track of a device': { ...everywhere('device'), ...asHistory('device') },
    page: { ...everywhere('page'), ...asTrack('page') },
    screen: { ...everywhere('screen'), ...asTrack('screen') },
    identify: everywhere('identify'),
    group: everywhere('group'),
    alias: everywhere('alias'),
    'traits and consents': {
      'lines of an import': (said) => imported(line(said, 'number'), said),
      'lines of usher import': (said) => command('import', 'p.ndjson', line(said, 'number'), said),
      ...mapped('import', 'people'),
    },
    'traits as texts': {
      'lines of an import': (said) => imported(line(said, 'text'), said),
      'lines of usher import': (said) => command('import', 'p.ndjson', line(said, 'text'), said),
      'a table of an import': (said) => post('/v1/visitors/import', table(said), { ...said, type: 'text/csv' }),
      'a table of usher import': (said) => command('import', 'p.csv', table(said), said),
      ...mapped('import', 'texts'),
    },
    // By an address nobody is said to be known by their own id: here the other doors say so.
    'a consent': {
      'PUT of a consent': (said) =>
        send(
          'PUT',
          `${address(said)}/consents/${encodeURIComponent(said.named('newsletter'))}`,
          `{"status":"granted","timestamp":${said.when}}`,
          said,
        ),
      'lines of an import': (said) =>
        imported(
          `{"visitorId":${said.who},"known":false,"timestamp":${said.when},` +
            `"consents":{${JSON.stringify(said.named('newsletter'))}:"granted"}}\n`,
          said,
        ),
      ...mapped('import', 'consents'),
    },
    'traits as they are now': {
      'PATCH of traits': (said) => send('PATCH', `${address(said)}/traits`, valuesOf(said), said),
      'details of an import': (said) => {
        const details = valuesOf(said, 'number', (value) => `{"value":${value},"source":"api"}`);
        return imported(`{"visitorId":${said.who},"known":false,"traitDetails":${details}}\n`, said);
      },
    },
  };
}

/** Who writes a mapping spells names in another way than the file. */
function otherwise(said: Said): Said {
  const others = NAMES.filter((named) => named !== said.named);
  return said.charset === 'windows-1252' ? said : { ...said, named: others[said.amount % others.length] ?? said.named };
}

type Run = 'track' | 'import';
const COMMANDS = { track: trackEvents, import: importVisitors };

function waysInto(service: Service, folder: string) {
  return {
    async send(method: string, path: string, text: string, sending: Sending): Promise<void> {
      const { type = 'application/json' } = sending;
      const headers = {
        'content-type': `${type}; charset=${sending.charset}`,
        ...(sending.packed && { 'content-encoding': 'gzip' }),
      };
      const { status, text: answer } = await service.send(method, path, { body: bytesOf(text, sending), headers });
      expect([path, status, answer]).toEqual([path, 200, expect.not.stringContaining('problems')]);
    },

    /** The mapping says the encoding, or else the option. */
    async command(run: Run, name: string, text: string, sending: Sending): Promise<void> {
      const { mapping } = sending;
      const file = join(folder, sending.packed ? `${name}.gz` : name);
      const map = join(folder, 'map.json');
      await writeFile(file, bytesOf(text, sending));
      if (mapping) await writeFile(map, JSON.stringify({ ...mapping, encoding: sending.charset }));
      const options = { url: service.url, key: undefined, json: true, strict: true };
      const how = mapping ? { map } : { encoding: sending.charset };
      const printed: string[] = [];
      const code = await COMMANDS[run](file, { ...options, ...how }, (said) => printed.push(said));
      expect([name, code, printed]).toEqual([name, 0, printed]);
    },
  };
}

function bytesOf(text: string, { charset, packed }: Sending): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(text, charset === 'utf-8' ? 'utf8' : charset === 'utf-16le' ? 'utf16le' : 'latin1');
  return packed ? gzipSync(bytes) : bytes;
}
