import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readRules } from './read-rules.js';
import { problemText } from '../read/rule-problem.js';
import { removeRules, writeRule, writeRules, type Files } from '../sample-rules.contract.js';

const dirs: string[] = [];
afterAll(() => dirs.forEach(removeRules));

function write(files: Files): string {
  const dir = writeRules({}, files);
  dirs.push(dir);
  return dir;
}

const problemsOf = (dir: string) => readRules(dir).findings.sorted().map(problemText);
const BYTES = (text: string) => new TextEncoder().encode(text);

describe('the rules folder', () => {
  test('gives every file of its kinds with its id, sorted, and passes over README.md and dotfiles', () => {
    const dir = write({
      'offers/b.c.json': '{}',
      'offers/a.yml': 'name: A',
      'offers/README.md': '# x',
      'offers/.swp': '',
      'README.md': '',
    });
    const { files, findings, notes } = readRules(dir);
    expect(files.map(({ kind, id, path }) => [kind, id, path])).toEqual([
      ['offers', 'a', 'rules/offers/a.yml'],
      ['offers', 'b.c', 'rules/offers/b.c.json'],
    ]);
    expect(findings.sorted()).toEqual([]);
    expect(notes).toEqual([]);
  });

  test('does not wait for what a pipe would say', () => {
    const dir = write({ 'automation/b.json': '{}', 'offers/a.json': '{}' });
    for (const path of ['offers/pipe.json', 'automation/pipe.json']) execFileSync('mkfifo', [join(dir, path)]);
    expect(problemsOf(dir)).toEqual([
      'rules/automation/pipe.json:1:1 this is neither a file nor a folder; move it away',
      'rules/offers/pipe.json:1:1 this is neither a file nor a folder; move it away',
    ]);
  });

  test('names what it does not expect, with a remedy', () => {
    const dir = write({
      'offer/a.json': '{}',
      'a.json': '{}',
      'offers/a.txt': '',
      'offers/deep/a.json': '{}',
      'offers/a b.json': '{}',
      'offers/c': '',
    });
    expect(problemsOf(dir)).toEqual([
      'rules/a.json:1:1 a rule file stands in the folder of its kind; move it to one of placements, offers, ' +
        'segments, proactive, contextual, policies, cases',
      'rules/offer:1:1 unknown folder "offer"; did you mean "offers"?',
      'rules/offers/a b.json:1:1 "a b" can\'t be an id; name the file with letters, digits, ".", "_" and "-" only',
      'rules/offers/a.txt:1:1 rule files end in .json, .yaml or .yml; rename "a.txt" or move it away',
      'rules/offers/c:1:1 rule files end in .json, .yaml or .yml; rename "c" or move it away',
      'rules/offers/deep:1:1 folders inside offers/ are not read; move the files one up',
    ]);
  });

  test('that is not there is one problem', () => {
    expect(problemsOf(join(write({}), 'nowhere'))).toEqual([
      'nowhere:1:1 there is no such folder; create it, or name another',
    ]);
  });

  test('may hold kinds that are not enforced yet: they are noted', () => {
    const dir = write({ 'journeys/a.json': '{', 'experiments/b.yaml': '', 'experiments/c.json': '' });
    expect(problemsOf(dir)).toEqual([]);
    expect(readRules(dir).notes).toEqual([
      'not enforced yet: rules/experiments/, 2 files',
      'not enforced yet: rules/journeys/, 1 file',
    ]);
  });

  test('may be reached and filled by symbolic links; one that leads nowhere is a problem', () => {
    const dir = write({ 'offers/a.json': '{}' });
    mkdirSync(join(dir, 'segments'));
    symlinkSync('../offers/a.json', join(dir, 'segments/linked.json'));
    symlinkSync('nowhere.json', join(dir, 'segments/broken.json'));
    symlinkSync('rules', `${dir}-link`);
    expect(readRules(`${dir}-link`).files.map((file) => file.path)).toEqual([
      'rules-link/offers/a.json',
      'rules-link/segments/linked.json',
    ]);
    expect(problemsOf(dir)).toEqual(["rules/segments/broken.json:1:1 this can't be read (ENOENT)"]);
  });
});

describe('a file', () => {
  test('may begin with a byte order mark and end its lines as Windows does', () => {
    const dir = write({
      'offers/a.json': '\ufeff{\r\n  "name": "A",\r\n  "b": oops }',
      'offers/b.yaml': '\ufeffname: B\r\n',
    });
    expect(readRules(dir).files[1]?.root?.value).toEqual({ name: 'B' });
    expect(problemsOf(dir)).toEqual(['rules/offers/a.json:3:8 put text between double quotes: "oops"']);
  });

  test('that is not in UTF-8 is a problem where it begins not to be', () => {
    const latin = new Uint8Array([...BYTES('{\n  "name": "caf\ufffd '), 0xe9, ...BYTES('" }')]);
    const utf16 = new Uint8Array([0xff, 0xfe, 0x7b, 0x00]);
    expect(problemsOf(write({ 'offers/a.json': latin, 'offers/b.json': utf16 }))).toEqual([
      'rules/offers/a.json:2:17 this character is not in UTF-8; save the file as UTF-8',
      'rules/offers/b.json:1:1 the file is in UTF-16; save it as UTF-8',
    ]);
  });

  test('that is too large is not even read', () => {
    const dir = write({ 'offers/a.json': ' '.repeat(1_048_577) });
    expect(problemsOf(dir)).toEqual([
      'rules/offers/a.json:1:1 the file has 1048577 bytes, more than the 1048576 a rule file may have; split it',
    ]);
  });
});

describe('the digest', () => {
  test('changes with a name as with a byte, and not with what is no rule file', () => {
    const dir = write({ 'offers/a.json': '{}' });
    const { digest } = readRules(dir);
    writeRule(dir, 'offers/README.md', 'hello');
    expect(readRules(dir).digest).toBe(digest);
    expect(readRules(write({ 'offers/b.json': '{}' })).digest).not.toBe(digest);
    expect(readRules(write({ 'offers/a.json': '{ }' })).digest).not.toBe(digest);
  });
});
