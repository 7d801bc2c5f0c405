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
let count = 0;

/** What a worker comes to that does this with each message it is sent. */
function workedOut(hear: string, version: number | undefined = 1): Promise<WorkedOut> {
  const program = join(dir, `worker-${count++}.mjs`);
  writeFileSync(program, `process.on('message', ({ kind }) => { ${hear} });`);
  return workAside({ job: 'check', source: [{ path: 'offers/a.json', text: '{}' }] }, version, pathToFileURL(program));
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
    expect(await workAside(work, undefined, pathToFileURL(join(dir, 'only.mjs')))).toEqual({ check: CHECK });
  });

  test('what the check found fault with', async () => {
    const check = { ...CHECK, problems: [PROBLEM] };
    const hear = `if (kind === 'begin') process.send({ kind: 'result', check: ${JSON.stringify(check)} }); ${dies}`;
    expect(await workedOut(hear)).toEqual({ check });
  });
});
