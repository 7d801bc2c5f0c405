import { afterAll, describe, expect, test } from '@jest/globals';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { loadRulebook } from '../rulebook/build/load-rulebook.js';
import { problemText } from '../rulebook/read/rule-problem.js';
import { removeRules, SAMPLE, writeRules, type Files } from '../rulebook/sample-rules.contract.js';
import { readFolder, readFolderAside } from './release-folder.js';

const dirs: string[] = [];
afterAll(() => dirs.forEach(removeRules));

function write(files: Files, sample: Files = {}): string {
  const dir = writeRules(files, sample);
  dirs.push(dir);
  return dir;
}

describe('a rules folder read for a release', () => {
  test('gives every rule file, those of later kinds too, and nothing else', async () => {
    const extras = {
      'journeys/first.json': '{}',
      'policies/limits.yaml': 'name: Limits',
      'README.md': '# x',
      'offers/README.md': '# x',
      'offers/.swp': '',
      'journeys/notes.txt': '',
    };
    const dir = write(extras, SAMPLE);
    const { files, problems } = readFolder(dir);
    expect(problems).toEqual([]);
    expect(files.map(({ path }) => path)).toEqual(
      [...Object.keys(SAMPLE), 'journeys/first.json', 'policies/limits.yaml'].sort(),
    );
    for (const { path, text } of files) expect(text).toBe({ ...SAMPLE, ...extras }[path]);
    expect(await readFolderAside(dir)).toEqual({ files, problems });
  });

  test('names what can not be part of a release, with its place', () => {
    const dir = write({
      'offer/a.json': '{}',
      'a.json': '{}',
      'offers/a.txt': '',
      'offers/deep/a.json': '{}',
      'offers/b.json': Buffer.from('{\n"a": "\xff"}', 'latin1'),
      'journeys/c.json': Buffer.from('\xff\xfe{', 'latin1'),
      'offers/large.json': ' '.repeat(1_048_577),
    });
    symlinkSync(join(dir, 'nowhere'), join(dir, 'offers/gone.json'));
    const { files, problems } = readFolder(dir);
    expect(files).toEqual([]);
    expect(problems.map(problemText)).toEqual([
      expect.stringMatching(/^rules\/a\.json:1:1 a rule file stands in the folder/),
      expect.stringMatching(/^rules\/journeys\/c\.json:1:1 the file is in UTF-16/),
      expect.stringMatching(/^rules\/offer:1:1 unknown folder "offer"; did you mean "offers"/),
      expect.stringMatching(/^rules\/offers\/a\.txt:1:1 rule files end in/),
      expect.stringMatching(/^rules\/offers\/b\.json:2:7 this character is not in UTF-8/),
      expect.stringMatching(/^rules\/offers\/deep:1:1 folders inside offers/),
      expect.stringMatching(/^rules\/offers\/gone\.json:1:1 this can't be read \(ENOENT\)/),
      expect.stringMatching(/^rules\/offers\/large\.json:1:1 the file has 1048577 bytes/),
    ]);
    expect(readFolder(join(dir, 'nowhere')).problems).toMatchObject([
      { message: expect.stringMatching(/there is no such folder/) },
    ]);
  });

  test('comes to the same as the folder itself, byte order marks, problems and all', () => {
    const sound = write(
      {
        'offers/welcome.json': `\uFEFF${SAMPLE['offers/welcome.json']}`,
        'offers/other.yml': 'name: Ä "\uFFFD"\r\ntreatments: { "*": { content: { title: 漢 } } }',
        'journeys/first.json': '{}',
      },
      SAMPLE,
    );
    const broken = write(
      {
        'offers/welcome.json': '{',
        'segments/welcome.yaml': 'name: 1',
        'contextual/x y.json': '{}',
        'proactive/looked-at-cameras.json': '{}',
      },
      SAMPLE,
    );
    for (const dir of [sound, broken]) {
      const { rulebook: _compiled, ...fromTexts } = loadRulebook(readFolder(dir).files);
      const { rulebook: _same, problems, notes, ...fromFolder } = loadRulebook(dir);
      expect(fromTexts).toEqual({
        ...fromFolder,
        problems: problems.map((one) => ({ ...one, file: asSent(one.file), message: asSent(one.message) })),
        notes: notes.map(asSent),
      });
    }
    expect(loadRulebook(sound).problems).toEqual([]);
    expect(loadRulebook(broken).problems.length).toBeGreaterThan(3);
  });
});

/** Texts are named by the paths they were sent with, which say nothing of a folder. */
function asSent(text: string): string {
  return text.replaceAll('rules/', '');
}
