import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as config from '../src/config.js';
import { eventsWithoutId, unknownSettings } from './example-complaints.js';
import { settingsAskedFor } from './told-in-docs.js';

const root = join(import.meta.dirname, '..');
const inDocs = readdirSync(join(root, 'docs'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name));
const atTheTop = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'compose.yaml', 'Dockerfile'];
const texts = new Map(
  [...inDocs, ...atTheTop.map((name) => join(root, name))].map((path) => [
    relative(root, path),
    readFileSync(path, 'utf8'),
  ]),
);

/** What docs/operations.md shows as a name that has no effect. */
const MISSPELT = 'USHER_KEEP_DAY';

describe('what the documents show', () => {
  test('reports events that may be sent again', () => {
    expect(eventsWithoutId(texts)).toEqual([]);
  });

  test('names settings that there are', () => {
    const readers = Object.entries(config).flatMap(([name, value]) =>
      name.startsWith('read') && typeof value === 'function' ? [value] : [],
    );
    const known = new Set([...settingsAskedFor(readers), MISSPELT]);
    expect(unknownSettings(texts, known)).toEqual([]);
  });

  test('is found out where it does not', () => {
    const event = (more: string) => `{ "type": "track", ${more}"event": "A } B", "properties": { "sku": "c" } }`;
    const shown = `\`\`\`sh\ncurl -d '{ "events": [${event('"messageId": "m", ')}, ${event('')}] }'\n\`\`\`\n`;
    expect(eventsWithoutId(new Map([['a.md', shown]]))).toEqual([expect.stringContaining(event(''))]);
    const known = new Set(['USHER_KEY', 'USHER_KEYS']);
    expect(unknownSettings(new Map([['a.md', 'USHER_KEY, `USHER_KEYS=x`, USHER_KYES=1']]), known)).toEqual([
      'a.md: nothing reads USHER_KYES',
    ]);
  });
});
