import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeShop } from '../../test/e2e/shop.js';
import { decideSafely } from '../decisions/decide-safely.js';
import { readDecisionRequest } from '../decisions/decision-request.js';
import { toRecordedInput } from '../decisions/recorded-decision.js';
import type { JsonObject } from '../engine/language/json.js';
import type { Rulebook } from '../engine/rulebook.js';
import { visitorView } from '../engine/visitor/visitor.js';
import { loadRulebook } from '../rulebook/build/load-rulebook.js';
import { encode, viewOfBytes } from '../visitors/documents/codec.js';
import type { MemoryEvent } from '../visitors/memory/memory-event.js';
import { apply, emptyMemory } from '../visitors/memory/memory.js';
import { replayText } from '../cli/replay/print-replay.js';
import type { Recorded } from './recorded.js';
import { replayMarkdown } from '../cli/replay/replay-markdown.js';
import type { ReplayReport } from './replay-report.js';
import { replay } from './replay.js';

const NOW = Date.parse('2026-07-01T10:00:00Z');
const RETENTION = { keepInteractions: 500, keepDays: 90 };
const DEAF = { corrupt: () => undefined, overBudget: () => undefined, unexpected: () => undefined };
let folder: string;
let release: Rulebook;
let copies = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-replay-'));
  await writeShop(join(folder, 'rules'));
  release = load(join(folder, 'rules'));
});
afterAll(() => rm(folder, { recursive: true }));

function load(dir: string): Rulebook {
  const { rulebook, problems } = loadRulebook(dir);
  if (!rulebook) throw new Error(problems.map(({ message }) => message).join('\n'));
  return rulebook;
}

/** The shop with some files changed; undefined removes one. */
async function changed(
  changes: Readonly<Record<string, ((was: Record<string, unknown>) => object) | undefined>>,
): Promise<{ folder: string; rulebook: Rulebook }> {
  const dir = join(folder, `rules-${(copies += 1)}`);
  await cp(join(folder, 'rules'), dir, { recursive: true });
  for (const [path, change] of Object.entries(changes)) {
    const file = join(dir, `${path}.json`);
    if (change)
      await writeFile(
        file,
        JSON.stringify(change(JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Record<string, unknown>)),
      );
    else await rm(file);
  }
  return { folder: dir, rulebook: load(dir) };
}

interface Person {
  readonly traits?: JsonObject;
  readonly viewed?: number;
  /** Nothing is remembered of them. */
  readonly isStranger?: boolean;
  readonly isUnread?: boolean;
  readonly context?: JsonObject;
  readonly placements?: readonly string[];
}

/** A decision as the service makes and records it. */
function decided(
  visitorId: string,
  { traits = {}, viewed = 0, isStranger, isUnread, context = {}, placements = ['hero'] }: Person,
  rulebook = release,
): Recorded {
  const ask = readDecisionRequest({ visitorId, placements, context });
  const document = isStranger || isUnread ? undefined : documentOf(visitorId, traits, viewed);
  const view = isUnread
    ? undefined
    : document
      ? viewOfBytes(document, visitorId, NOW, RETENTION)
      : visitorView({ visitorId });
  const decided = { request: ask, visitor: view, rulebook, now: NOW };
  const made = decideSafely(decided, DEAF);
  const answer = {
    decisionId: `d-${visitorId}`,
    visitorId,
    rulebook: { version: 1, digest: rulebook.digest },
    ...made,
    elapsedMs: 1,
  };
  const source = document && {
    id: visitorId,
    version: `state of ${visitorId}`,
    document,
    seenAt: NOW,
    retention: RETENTION,
  };
  const decisionsText = () => JSON.stringify(answer.decisions);
  const visitor = view && { view, source };
  return { input: toRecordedInput({ ask, answer, decisionsText, visitor, input: decided }), document };
}

function documentOf(visitorId: string, traits: JsonObject, viewed: number): Uint8Array {
  const whose = { userId: visitorId, anonymousId: undefined, timestamp: NOW - 3_600_000 };
  const said: MemoryEvent = { ...whose, kind: 'traits', source: 'identify', messageId: undefined, arrival: 0, traits };
  const did = Array.from({ length: viewed }, (_, n): MemoryEvent => ({
    ...whose,
    kind: 'interaction',
    arrival: n + 1,
    messageId: `m-${n}`,
    event: 'Product Viewed',
    channel: 'web',
    properties: { sku: 'c-1' },
  }));
  return encode({ kind: 'memory', memory: apply(emptyMemory(visitorId), [said, ...did], NOW, RETENTION).memory });
}

/** The whole town: who they are, and how many of them. */
const PETS = { traits: { interests: ['pets'] } };
const TOWN: readonly (readonly [name: string, count: number, person: Person])[] = [
  ['owner', 10, PETS],
  ['browsing-owner', 20, { ...PETS, viewed: 2 }],
  ['browser', 30, { viewed: 1 }],
  ['stranger', 40, { isStranger: true }],
  ['unread', 3, { isUnread: true }],
  ['phone', 5, { isStranger: true, context: { device: 'mobile' } }],
];

function town(): Recorded[] {
  return TOWN.flatMap(([name, count, person]) =>
    Array.from({ length: count }, (_, n) => decided(`${name}-${n}`, person)),
  );
}

async function* stream(recorded: readonly Recorded[]): AsyncGenerator<Recorded> {
  yield* recorded;
}

function replayed(
  recorded: readonly Recorded[],
  against?: { folder: string; rulebook: Rulebook },
): Promise<ReplayReport> {
  return replay(stream(recorded), { rulebookOf: () => release, against });
}

/** The sentences of the only example of a change. */
async function reasonOf(recorded: Recorded, changes: Parameters<typeof changed>[0]): Promise<readonly string[]> {
  const { against } = await replayed([recorded], await changed(changes));
  return against?.examples[0]?.why.map(({ withValues }) => withValues) ?? [];
}

describe('a replay with the release that decided', () => {
  test('comes to the same, bit for bit, whatever was known of the visitor', async () => {
    const report = await replayed(town(), { folder: 'rules', rulebook: release });
    expect(report).toMatchObject({
      decisions: 108,
      different: 0,
      releases: { 1: 108 },
      leftOut: { releaseGone: 0, releaseUnfit: 0, documentGone: 0 },
    });
    expect(report.against).toMatchObject({
      changed: 0,
      otherReasons: 0,
      visitors: { visitors: 108, changed: 0 },
      examples: [],
    });
  });

  test('finds what comes out otherwise than it did', async () => {
    const [one, ...others] = town();
    if (!one) throw new Error('nobody lives there');
    const report = await replayed([{ ...one, input: { ...one.input, answer: 'something else' } }, ...others]);
    expect(report).toMatchObject({
      decisions: 108,
      different: 1,
      differences: [
        { decisionId: 'd-owner-0', now: [{ placement: 'hero', offer: 'camera', rule: 'pets-see-cameras' }] },
      ],
    });
    expect(replayText(report)).toContain('1 of 108 come out otherwise');
  });

  test('leaves out what can’t be made again, and says why', async () => {
    const [one, ...others] = town();
    if (!one) throw new Error('nobody lives there');
    const recorded = [{ ...one, document: undefined }, ...others];
    const report = await replay(stream(recorded), { rulebookOf: () => 'releaseGone' });
    expect(report).toMatchObject({ decisions: 0, leftOut: { releaseGone: 107, documentGone: 1 } });
    expect(replayText(report)).toMatch(
      /None of the recorded decisions.*\n.*107 decisions left out: the release.*\n.*1 decision left out: the document/,
    );
  });
});

describe('a document that was damaged', () => {
  test('is decided without, and ends nothing', async () => {
    const [owner, browser] = [decided('owner', PETS), decided('browser', { viewed: 1 })];
    const recorded = [
      { ...owner, document: owner.document?.subarray(0, 20) },
      { ...browser, document: browser.document?.map((byte, at) => (at > 12 ? byte ^ 0xff : byte)) },
      owner,
    ];
    const report = await replayed(recorded, await changed({ 'proactive/pets-see-cameras': undefined }));
    expect(report).toMatchObject({ decisions: 3, different: 2, against: { changed: 1 } });
  });
});

describe('a replay against other rules', () => {
  test('reports exactly what was planted', async () => {
    const dogs = await changed({
      'proactive/pets-see-cameras': (was) => ({
        ...was,
        conditions: { all: [{ fact: 'profile', path: '$.interests', operator: 'contains', value: 'dogs' }] },
      }),
    });
    const report = await replayed(town(), dogs);
    expect(report.different).toBe(0);
    expect(report.against).toMatchObject({
      ...{ changed: 30, changedShare: 30 / 108, otherOffers: 30, otherReasons: 0 },
      placements: [{ placement: 'hero', decisions: 108, changed: 30, otherOffers: 30, emptied: 10, filled: 0 }],
      visitors: { visitors: 108, changed: 30, loseOnlyOffer: 10, gainFirstOffer: 0 },
    });
    expect(report.against?.offers).toEqual([
      { offer: 'camera', before: 30, after: 0, gained: 0, lost: 30 },
      { offer: 'phone', before: 30, after: 50, gained: 20, lost: 0 },
      { offer: 'welcome', before: 43, after: 53, gained: 10, lost: 0 },
      { offer: 'app', before: 5, after: 5, gained: 0, lost: 0 },
    ]);
    const examples = report.against?.examples ?? [];
    expect(examples).toHaveLength(10);
    expect(examples.slice(0, 2).map(({ alike, before, after }) => [alike, before[0]?.offer, after[0]?.offer])).toEqual([
      [20, 'camera', 'phone'],
      [10, 'camera', 'welcome'],
    ]);
    expect(examples[0]?.why.map(({ withValues }) => withValues)).toEqual([
      'rule pets-see-cameras holds no longer: it would, had profile.interests contained "dogs"; it was ["pets"]',
      'rule viewed-a-product held before, but OUTRANKED: others came first (priority 50)',
    ]);
    expect(examples[1]?.why[1]?.text).toBe('the fallback welcome is shown, as no rule holds');
  });

  test('tells other content and other reasons from other offers', async () => {
    const report = await replayed(
      town(),
      await changed({
        'offers/welcome': (was) => ({ ...was, treatments: { '*': { content: { title: 'Hello' } } } }),
        'contextual/viewed-a-product': (was) => ({ ...was, priority: 51 }),
      }),
    );
    expect(report.against).toMatchObject({
      changed: 43,
      otherOffers: 0,
      otherReasons: 30,
      placements: [{ changed: 43, otherOffers: 0 }],
      visitors: { changed: 43, loseOnlyOffer: 0 },
    });
    expect(report.against?.examples[0]).toMatchObject({
      change: 'content',
      why: [{ text: 'welcome says something else' }],
    });
  });

  test('counts a visitor over all decisions: an offer left somewhere is not their only one lost', async () => {
    const both = (name: string, person: Person) => [
      decided(name, person),
      { ...decided(name, { ...person, placements: ['banner', 'cards'], context: { device: 'mobile' } }) },
    ];
    const without = await changed({ 'proactive/pets-see-cameras': undefined });
    const report = await replayed([...both('much', PETS), decided('little', PETS)], without);
    expect(report.against).toMatchObject({ changed: 3, visitors: { visitors: 2, changed: 2, loseOnlyOffer: 1 } });
    expect(report.against?.placements.map(({ placement, emptied }) => [placement, emptied])).toEqual([
      ['hero', 2],
      ['cards', 0],
      ['banner', 0],
    ]);
  });

  test('gives the reason in the words of what was changed', async () => {
    const owner = decided('owner', PETS);
    const camera = 'proactive/pets-see-cameras';
    const shown = 'the fallback welcome is shown, as no rule holds';
    expect(await reasonOf(owner, { [camera]: undefined })).toEqual([
      'rule pets-see-cameras is gone, or not live',
      shown,
    ]);
    expect(await reasonOf(owner, { [camera]: (was) => ({ ...was, status: 'paused' }) })).toEqual([
      'rule pets-see-cameras is gone, or not live',
      shown,
    ]);
    expect(await reasonOf(owner, { [camera]: (was) => ({ ...was, placements: ['cards'] }) })).toEqual([
      'rule pets-see-cameras speaks for hero no longer',
      shown,
    ]);
    expect(
      await reasonOf(owner, { [camera]: (was) => ({ ...was, event: { type: 'offer', params: { offer: 'phone' } } }) }),
    ).toEqual([
      expect.stringContaining('puts phone forward now, not camera'),
      shown.replace('no rule holds', 'every offer put forward was stopped'),
    ]);
    expect(await reasonOf(owner, { [camera]: (was) => ({ ...was, schedule: { until: '2026-06-30' } }) })).toEqual([
      expect.stringContaining('no longer in force'),
      shown,
    ]);
    expect(
      await reasonOf(owner, { 'offers/camera': (was) => ({ ...was, eligibility: { not: { all: [] } } }) }),
    ).toEqual([expect.stringContaining('NOT_ELIGIBLE'), expect.stringContaining('every offer')]);
    expect(
      await reasonOf(decided('stranger', { isStranger: true }), {
        'placements/hero': (was) => ({ ...was, fallback: 'hello' }),
      }),
    ).toEqual(['welcome is the fallback no longer', shown.replace('welcome', 'hello')]);
    expect(
      await reasonOf(decided('b', { placements: ['banner'], context: { device: 'mobile' } }), {
        'contextual/never-viewed': (was) => ({ ...was, priority: 99 }),
      }),
    ).toEqual([
      'rule on-a-phone holds, but OUTRANKED: others came first (priority 40)',
      expect.stringMatching(/^rule never-viewed held before, but OUTRANKED/),
    ]);
    expect(
      await reasonOf(decided('c', { ...PETS, viewed: 1, placements: ['cards'] }), {
        'contextual/viewed-a-product': (was) => ({ ...was, priority: 99 }),
      }),
    ).toEqual(['rule viewed-a-product has priority 99, and had 50']);
    expect(
      await reasonOf(decided('s', { isStranger: true }), {
        'proactive/all': () => ({
          name: 'All',
          placements: ['hero'],
          conditions: { all: [] },
          event: { type: 'offer', params: { offer: 'hello' } },
        }),
      }),
    ).toEqual(['welcome was the fallback, and is not needed', 'rule all is new, or live now']);
  });

  test('says so where a placement is there no longer', async () => {
    const report = await replayed(
      [decided('a', { context: { device: 'mobile' }, placements: ['hero', 'banner'] })],
      await changed({
        'placements/banner': undefined,
        'contextual/never-viewed': undefined,
        'contextual/on-a-phone': (was) => ({ ...was, placements: ['hero'] }),
      }),
    );
    expect(report.against?.examples).toMatchObject([
      { placement: 'banner', after: [], why: [{ text: 'there is no placement banner any more' }] },
    ]);
  });
});

describe('the reports', () => {
  test('are for people, and for a pull request without anything about a visitor', async () => {
    const report = await replayed(
      town(),
      await changed({
        'proactive/pets-see-cameras': (was) => ({
          ...was,
          conditions: { all: [{ fact: 'profile', path: '$.interests', operator: 'contains', value: 'dogs' }] },
        }),
      }),
    );
    const text = replayText(report);
    expect(text).toMatch(/30 of 108 decisions \(27\.8 %\)/);
    expect(text).toMatch(/10 lose their only offer/);
    expect(text).toMatch(/camera {6,}30 {6}0 {6,7}0 {4}30/);
    expect(text).toMatch(
      /visitor browsing-owner-0, 2026-07-01T10:00:00\.000Z, decision d-browsing-owner-0 by release 1/,
    );
    const markdown = replayMarkdown(report);
    expect(markdown).toMatch(/\| `hero` \| 108 \| 30 \| 30 \| 10 \| 0 \|/);
    expect(markdown).toMatch(/\| `camera` \| 30 \| 0 \| 0 \| 30 \|/);
    expect(markdown).toContain('rule pets-see-cameras holds no longer, for want of profile.interests contains "dogs"');
    for (const secret of ['browsing-owner', 'owner-0', '["pets"]']) expect(markdown).not.toContain(secret);
  });

  test('say so when nothing was recorded', async () => {
    expect(replayText(await replayed([]))).toContain('USHER_RECORD_SHARE');
  });
});
