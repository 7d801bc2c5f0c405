import { describe, expect, test } from '@jest/globals';
import { InvalidRequest, type Problem } from '../errors.js';
import { parseJson } from '../doors/parse-json.js';
import { readActivation, readCandidate, readEnd, readPublish } from './release-bodies.js';

const FILES = { 'offers/welcome.json': '{ "name": "Welcome" }' };

function problemsOf(read: (body: unknown) => unknown, body: unknown): readonly Problem[] {
  try {
    return [{ path: 'nothing', message: `is wrong with ${JSON.stringify(read(body))}` }];
  } catch (error) {
    if (error instanceof InvalidRequest) return error.problems;
    throw error;
  }
}
const pathsOf = (read: (body: unknown) => unknown, body: unknown) => problemsOf(read, body).map(({ path }) => path);

describe('the files of a candidate', () => {
  test('are read with their texts as they are, line ends, byte order mark and broken characters too', () => {
    const files = { 'a.json': '\uFEFF{}\r\n', 'b.yaml': '', 'c.json': '\uD800' };
    expect(readCandidate({ files })).toEqual(Object.entries(files).map(([path, text]) => ({ path, text })));
  });

  test('may be called as members that every object has', () => {
    const body = parseJson('{ "files": { "constructor": "1", "toString": "2" } }', 'body');
    expect(readCandidate(body)).toEqual([
      { path: 'constructor', text: '1' },
      { path: 'toString', text: '2' },
    ]);
  });

  test('are refused where there is none, naming what a release is', () => {
    expect(problemsOf(readCandidate, { files: {} })).toEqual([
      { path: 'files', message: expect.stringContaining('the whole rules folder') },
    ]);
  });

  test.each([
    [undefined, ['']],
    [null, ['']],
    [[], ['']],
    ['files', ['']],
    [{}, ['files']],
    [{ files: [] }, ['files']],
    [{ files: null }, ['files']],
    [{ files: { 'offers/welcome.json': { name: 'Welcome' } } }, ['files.offers/welcome.json']],
    [{ files: { 'a.json': null, 'b.json': 'fine' } }, ['files.a.json']],
    [{ files: FILES, file: {} }, ['file']],
  ])('of %j are refused at %j', (body, paths) => {
    expect(pathsOf(readCandidate, body)).toEqual(paths);
  });
});

describe('what is to be published', () => {
  test('is told without the blanks around it, and with whole characters only', () => {
    const body = { files: FILES, message: ' winter \uD83D\n', author: '\tthe desk ' };
    expect(readPublish(body)).toMatchObject({ message: 'winter \uFFFD', author: 'the desk' });
  });

  test('has no author where only blanks are said of one: the key stands for them', () => {
    expect(readPublish({ files: FILES, message: 'm', author: ' \t' }).author).toBeUndefined();
    expect(readPublish({ files: FILES, message: 'm' }).author).toBeUndefined();
  });

  test.each([
    [{ message: undefined }, ['message']],
    [{ message: '' }, ['message']],
    [{ message: ' \n\t' }, ['message']],
    [{ message: 42 }, ['message']],
    [{ message: 'x'.repeat(2_001) }, ['message']],
    [{ author: '' }, ['author']],
    [{ author: 'x'.repeat(201) }, ['author']],
    [{ author: ['desk'], message: null }, ['message', 'author']],
  ])('with %j is refused at %j', (changes, paths) => {
    expect(pathsOf(readPublish, { files: FILES, message: 'm', ...changes }).toSorted()).toEqual(paths.toSorted());
  });

  test('may have a message and an author as long as the limits', () => {
    const [message, author] = ['m'.repeat(2_000), 'a'.repeat(200)];
    expect(readPublish({ files: FILES, message, author })).toMatchObject({ message, author });
  });
});

describe('what a release is to serve as', () => {
  test.each([
    [undefined, { as: 'live' }],
    [null, { as: 'live' }],
    [{}, { as: 'live' }],
    [{ as: 'shadow' }, { as: 'shadow' }],
    [
      { as: 'canary', share: 100 },
      { as: 'canary', share: 100 },
    ],
    [
      { as: 'canary', share: 0.01 },
      { as: 'canary', share: 0.01 },
    ],
  ])('by %j is %j', (body, activation) => {
    expect(readActivation(body)).toEqual({ what: activation, revision: undefined });
  });

  test.each([
    [{ as: 'canary' }, 'share'],
    [{ as: 'canary', share: 0 }, 'share'],
    [{ as: 'canary', share: -1 }, 'share'],
    [{ as: 'canary', share: 100.5 }, 'share'],
    [{ as: 'canary', share: '10' }, 'share'],
    [{ as: 'canary', share: Number.NaN }, 'share'],
    [{ as: 'canary', share: JSON.parse('1e999') as number }, 'share'],
    [{ as: 'shadow', share: 10 }, 'share'],
    [{ share: 10 }, 'share'],
    [{ as: 'Live' }, 'as'],
    [{ as: 'everybody' }, 'as'],
    [{ as: 'live', for: 'all' }, 'for'],
    ['live', ''],
    [[], ''],
  ])('by %j is refused at "%s"', (body, path) => {
    expect(pathsOf(readActivation, body)).toEqual([path]);
  });
});

test.each([
  [undefined, ''],
  [null, ''],
  ['canary', ''],
  [{}, 'as'],
  [{ as: 'live' }, 'as'],
  [{ as: null }, 'as'],
])('%j ends nothing, and is refused at "%s"', (body, path) => {
  expect(new Set(pathsOf(readEnd, body))).toEqual(new Set([path]));
});
