import { describe, expect, test } from '@jest/globals';
import { problemText } from '../rulebook/read/rule-problem.js';
import { unfitFiles } from './unfit-files.js';

const one = (path: string, text = '{}') => [{ path, text }];

describe('files that are to be a release', () => {
  test.each([
    '../offers/a.json',
    'offers/../../a.json',
    '/etc/a.json',
    'offers/a.json/b.json',
    'a.json',
    'offers/',
    'offers/.json',
    'offers/..',
    'offers/.a.json',
    'offers\\a.json',
    'offers/..\\..\\a.json',
    'offers/a\0.json',
    './offers/a.json',
    'offers//a.json',
    'offers/a.js',
    'offers/a',
    'C:/a.json',
    '__proto__/a.json',
    '',
    'offers/\uD800.json',
    `offers/${'x'.repeat(251)}.json`,
  ])('can not be at the path %j', (path) => {
    expect(unfitFiles(one(path))).toHaveLength(1);
  });

  test('can be of any kind, those that come later too', () => {
    expect(
      unfitFiles(
        ['offers/a.json', 'contextual/b.yaml', 'policies/consent.yml', 'journeys/é.json'].flatMap((path) => one(path)),
      ),
    ).toEqual([]);
  });

  test.each([
    [one('ofers/a.json'), /^ofers\/a\.json:1:1 unknown folder "ofers"; did you mean "offers"/],
    [one('rules/offers/a.json'), /paths start at the folder of their kind; write <kind>\/<name>/],
    [[...one('offers/a.json'), ...one('offers/a.json')], /told twice/],
    [one('offers/a.json', '"\uD800"'), /half a character/],
  ])('are told what is wrong with them: %j', (files, why) => {
    expect(unfitFiles(files).map(problemText).join()).toMatch(why);
  });
});
