import { expect, test } from '@jest/globals';
import { KeyRing } from './key-ring.js';
import { readKeys } from './read-keys.js';
import { SCOPES, scopesThatGrant, type Scope } from './scopes.js';

const keyOf = (scope: string) => `the-key-of-${scope}`.padEnd(20, '-');
const ring = new KeyRing(
  readKeys({ pairs: SCOPES.map((scope) => `${scope}:${keyOf(scope)}`).join(), file: undefined }).keys,
);

test.each<[Scope, Scope[]]>([
  ['browser', ['browser']],
  ['desk', ['desk']],
  ['server', ['browser', 'desk', 'server']],
  ['author', ['author', 'assistant']],
  ['approver', ['approver', 'author', 'assistant']],
  ['assistant', ['assistant']],
  ['admin', ['browser', 'desk', 'server', 'author', 'approver', 'assistant', 'admin']],
])('a key of the scope %s may do what is for %j', (scope, grants) => {
  expect([...(ring.find(keyOf(scope))?.grants ?? [])].sort()).toEqual(grants.sort());
});

test.each(['', 'the-key-of-browser', `${keyOf('admin')} `, keyOf('ADMIN')])('%j is no key', (key) => {
  expect(ring.find(key)).toBeUndefined();
});

test('what a scope is needed for can be done with the scopes that hold it', () => {
  expect([
    scopesThatGrant('browser'),
    scopesThatGrant('server'),
    scopesThatGrant('author'),
    scopesThatGrant('approver'),
    scopesThatGrant('assistant'),
    scopesThatGrant(['assistant', 'server']),
  ]).toEqual([
    ['browser', 'server', 'admin'],
    ['server', 'admin'],
    ['author', 'approver', 'admin'],
    ['approver', 'admin'],
    ['author', 'approver', 'assistant', 'admin'],
    ['server', 'author', 'approver', 'assistant', 'admin'],
  ]);
});

test('a key has a fingerprint of its scope and the beginning of its SHA-256', () => {
  const twin = new KeyRing(
    readKeys({ pairs: `author:${'a'.repeat(20)},author:${'b'.repeat(20)}`, file: undefined }).keys,
  );
  expect([twin.find('a'.repeat(20))?.who, twin.find('b'.repeat(20))?.who]).toEqual([
    'author:42492da0',
    'author:efbe4262',
  ]);
});
