import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { join } from 'node:path';
import { importVisitors } from '../../src/cli/import-visitors.js';
import { trackEvents } from '../../src/cli/track-events.js';
import { describeOnBothStores, someone } from './harness.js';
import {
  asked,
  FIRST,
  history,
  line,
  NDJSON,
  seen,
  SPELLINGS,
  table,
  TIMES,
  TWENTY_DAYS,
  type Said,
  type Sending,
} from './one-person-said.js';

describeOnBothStores('one person’s data, through every door', (service) => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-doors-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const bytes = (text: string, charset: string) =>
    charset === 'utf-8' ? Buffer.from(text) : Buffer.from(text, charset === 'utf-16le' ? 'utf16le' : 'latin1');
  const post = async (path: string, text: string, { type = 'application/json', charset }: Sending): Promise<void> => {
    const headers = { 'content-type': `${type}; charset=${charset}` };
    const { status, text: answer } = await service.send('POST', path, { body: bytes(text, charset), headers });
    expect([path, status, answer]).toEqual([path, 200, expect.not.stringContaining('problems')]);
  };
  const command = async (run: typeof trackEvents, name: string, text: string, charset: string): Promise<void> => {
    await writeFile(join(folder, name), bytes(text, charset));
    const options = { url: service.url, key: undefined, json: true, strict: true, encoding: charset };
    expect(await run(join(folder, name), options, () => {})).toBe(0);
  };

  /** Each stores the same of a person, who, when and what being written as JSON; `more` is not asked of a table. */
  const EVENT_DOORS: Readonly<Record<string, (said: Said) => Promise<void>>> = {
    track: ({ who, ...said }) => post('/v1/track', `{"userId":${who},${seen(said)}}`, said),
    batch: ({ who, ...said }) => post('/v1/batch', `{"batch":[{"type":"track","userId":${who},${seen(said)}}]}`, said),
    decisions: ({ who, ...said }) => post('/v1/decisions', asked(who, seen(said)), said),
    'lines of decisions': ({ who, ...said }) =>
      post('/v1/decisions/batch', `${asked(who, seen(said))}\n`, { ...said, type: NDJSON }),
    'lines of an import': ({ who, ...said }) =>
      post('/v1/visitors/import', history(who, said), { ...said, type: NDJSON }),
    'usher track': ({ who, ...said }) =>
      command(trackEvents, 'e.ndjson', `{"type":"track","userId":${who},${seen(said)}}\n`, said.charset),
    'usher import': ({ who, ...said }) => command(importVisitors, 'i.ndjson', history(who, said), said.charset),
  };
  const PEOPLE_DOORS: Readonly<Record<string, (said: Said) => Promise<void>>> = {
    'lines of an import': ({ who, ...said }) => post('/v1/visitors/import', line(who, said), { ...said, type: NDJSON }),
    'table of an import': ({ who, ...said }) =>
      post('/v1/visitors/import', table(who, said), { ...said, type: 'text/csv' }),
    'lines of usher import': ({ who, ...said }) => command(importVisitors, 'p.ndjson', line(who, said), said.charset),
    'table of usher import': ({ who, ...said }) => command(importVisitors, 'p.csv', table(who, said), said.charset),
  };

  const held = async (id: string): Promise<string> => {
    const { body, status } = await service.get(`/v1/visitors/${encodeURIComponent(id)}/export`);
    // When it was received, and what was decided, differs rightly.
    const differing = { exportedAt: 0, decisions: 0, recorded: 0, recordedStates: 0 };
    const person = { ...(body as object), ...differing };
    expect(status).toBe(200);
    return JSON.stringify(person)
      .replaceAll(id, 'ID')
      .replaceAll(/"arrival":\d+/g, '');
  };
  const spelt = fc.record({
    spelling: fc.constantFrom(...SPELLINGS.map(([, spell]) => spell)),
    time: fc.constantFrom(...TIMES),
    charset: fc.constantFrom('utf-8', 'windows-1252', 'utf-16le'),
  });

  test.each([
    ['events', EVENT_DOORS],
    ['people', PEOPLE_DOORS],
  ])('%s are one, the same to the last byte', async (_what, doors) => {
    const each = fc.tuple(...Object.values(doors).map((door) => spelt.map((how) => ({ door, ...how }))));
    const texts = fc.stringMatching(/^[a-zäöüß 0-9]{0,12}$/);
    const data = fc.record({ text: texts.map((text) => `a${text}z`), at: fc.nat(TWENTY_DAYS), amount: fc.nat(99_999) });
    await fc.assert(
      fc.asyncProperty(each, data, async (ways, { text, at, amount }) => {
        const found = new Set<string>();
        for (const { door, spelling, time, charset } of ways) {
          const name = someone().padEnd(14, '.');
          // Decomposed letters and marks are not in every charset.
          const spell = charset === 'windows-1252' ? SPELLINGS[0]?.[1] : spelling;
          const who = spell?.(name) ?? '';
          await door({ who, when: time(FIRST + at), text, amount, message: `m-${name}`, charset });
          found.add((await held(`${name} M\u00FCller`)).replaceAll(name, 'NAME'));
        }
        expect([...found]).toHaveLength(1);
      }),
      { numRuns: 6 },
    );
  });
});
