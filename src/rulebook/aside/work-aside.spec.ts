import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { workAside, type WorkedOut } from './work-aside.js';

const dir = mkdtempSync(join(tmpdir(), 'usher-work-spec-'));
afterAll(() => rmSync(dir, { recursive: true }));

const CHECK = { problems: [], failedCases: [], disagreements: [], warnings: [], notes: [], digest: 'sha256:0' };
const PROBLEM = { file: 'rules/offers/a.json', line: 1, column: 1, message: 'no' };
const RESULT = `process.send({ kind: 'result', check: ${JSON.stringify(CHECK)} })`;
const LIMITS = { timeoutMs: 60_000, memoryMb: 64 };
let count = 0;

/** What a worker comes to that does this with each message it is sent. */
function workedOut(hear: string, version: number | undefined = 1): Promise<WorkedOut> {
  const program = join(dir, `worker-${count++}.mjs`);
  writeFileSync(program, `process.on('message', ({ kind }) => { ${hear} });`);
  return workAside({ job: 'check', source: [{ path: 'offers/a.json', text: '{}' }] }, version, {
    limits: LIMITS,
    program: pathToFileURL(program),
  });
}

describe('a worker that ends too early', () => {
  test.each([
    ['at its start', 'process.exit(3)', '3'],
    ['while it works', "if (kind === 'begin') process.exit(4)", '4'],
    ['by a signal', "if (kind === 'begin') process.kill(process.pid, 'SIGKILL')", 'SIGKILL'],
  ])('%s leaves no check', async (_when, hear, endedWith) => {
    expect(await workedOut(hear)).toEqual({ endedWith });
  });

  test('while it hands over leaves the check, and no rulebook', async () => {
    const part = "process.send({ kind: 'part', part: { kind: 'offers', items: [] } }, () => process.exit(5))";
    const hear = `if (kind === 'begin') ${RESULT}; if (kind === 'next') ${part}`;
    expect(await workedOut(hear)).toEqual({ check: CHECK, endedWith: '5' });
  });

  test('with half of the parts leaves no rulebook', async () => {
    const hear = `if (kind === 'begin') ${RESULT}; if (kind === 'next') process.send({ kind: 'end' })`;
    expect(await workedOut(hear)).toEqual({ check: CHECK });
  });
});

describe('a worker is not asked to hand over', () => {
  const dies = "if (kind === 'next') process.exit(6)";

  test('where only the check is wanted', async () => {
    const program = `if (kind === 'begin') ${RESULT}; ${dies}`;
    writeFileSync(join(dir, 'only.mjs'), `process.on('message', ({ kind }) => { ${program} });`);
    const work = { job: 'check', source: [] } as const;
    expect(await workAside(work, undefined, { limits: LIMITS, program: pathToFileURL(join(dir, 'only.mjs')) })).toEqual(
      { check: CHECK },
    );
  });

  test('what the check found fault with', async () => {
    const check = { ...CHECK, problems: [PROBLEM] };
    const hear = `if (kind === 'begin') process.send({ kind: 'result', check: ${JSON.stringify(check)} }); ${dies}`;
    expect(await workedOut(hear)).toEqual({ check });
  });
});

describe('a worker that passes its limits', () => {
  const DOING = "process.send({ kind: 'doing', what: 'reading', file: 'rules/offers/a.json' })";
  const limited = (hear: string, limits = LIMITS) => {
    const program = join(dir, `limited-${count++}.mjs`);
    writeFileSync(program, `process.on('message', ({ kind }) => { if (kind === 'begin') { ${DOING}; ${hear} } });`);
    return workAside({ job: 'check', source: [] }, undefined, { limits, program: pathToFileURL(program) });
  };
  const doing = expect.objectContaining({ what: 'reading', file: 'rules/offers/a.json' });

  test('of time is ended, and what it was about is known, though it never came to rest', async () => {
    const out = await limited('for (;;);', { ...LIMITS, timeoutMs: 1_000 });
    expect(out).toEqual({ doing, endedWith: 'SIGKILL', over: 'time' });
  });

  test('of memory ends by itself', async () => {
    const out = await limited('const all = []; for (;;) all.push(Array.from({ length: 1e5 }, Math.random));');
    expect(out).toEqual({ doing, endedWith: expect.any(String), over: 'memory' });
  });
});
