import { afterAll, describe, expect, test } from '@jest/globals';
import { tryHere } from '../rulebook/aside/try-release.js';
import { loadRulebook } from '../rulebook/build/load-rulebook.js';
import { removeRules, SAMPLE, writeRules } from '../rulebook/sample-rules.contract.js';
import type { ReleaseFile } from '../stores/release-store.js';
import { checkCandidate } from './check-candidate.js';
import { readFolder } from './release-folder.js';

const dirs: string[] = [];
afterAll(() => dirs.forEach(removeRules));

const filesOf = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).map(([path, text]) => ({ path, text }));
const checkFiles = async (files: readonly ReleaseFile[]) =>
  (await checkCandidate(files, { rulebook: false, tryRelease: tryHere })).check;
const check = (changes: Readonly<Record<string, string>>) => checkFiles(filesOf({ ...SAMPLE, ...changes }));

describe('the check of a candidate', () => {
  test('finds nothing in rules that are in order, and has the digest and notes of their folder', async () => {
    const dir = writeRules({ 'journeys/first.json': '{}' });
    dirs.push(dir);
    const { digest } = loadRulebook(dir);
    expect(await checkFiles(readFolder(dir).files)).toEqual({
      problems: [],
      failedCases: [],
      disagreements: [],
      warnings: [],
      notes: ['not enforced yet: journeys/, 1 file'],
      digest,
    });
    expect(await checkFiles([...readFolder(dir).files].reverse())).toMatchObject({ digest });
  });

  test('names every problem at its place, and runs no case then', async () => {
    const found = await check({
      'proactive/pet-lovers-see-cameras.json': (SAMPLE['proactive/pet-lovers-see-cameras.json'] ?? '').replace(
        'pet-camera',
        'pet-canera',
      ),
      'cases/pet-lover.json': '{',
    });
    expect(found).toMatchObject({
      failedCases: [],
      problems: [
        { file: 'cases/pet-lover.json' },
        { file: 'proactive/pet-lovers-see-cameras.json', line: 5, message: expect.stringMatching(/pet-camera/) },
      ],
    });
  });

  test('tells which cases fail, and how', async () => {
    const found = await check({
      'cases/pet-lover.json': (SAMPLE['cases/pet-lover.json'] ?? '').replace('See what Rex', 'See how Rex'),
    });
    expect(found).toMatchObject({
      problems: [],
      failedCases: [{ id: 'pet-lover', ok: false, differences: [expect.stringContaining('See how Rex')] }],
    });
  });

  test('names files that can not be written, and looks at the others all the same', async () => {
    const found = await check({ '../../evil.json': '{}', 'ofers/a.json': '{}', 'offers/welcome.json': '[]' });
    expect(found.problems.map(({ file }) => file)).toEqual(['../../evil.json', 'ofers/a.json', 'offers/welcome.json']);
  });
});
