import { describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { IdentitySecrets } from './identity-proof.js';

const SECRET = 'a secret of a site, of 32 characters';
const NOW = Date.parse('2026-11-21T10:00:00Z');
const IN_FORCE = NOW / 1_000 + 60;
const secrets = new IdentitySecrets(['the next one, not yet in use anywhere', SECRET]);

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const hash = (id: string, secret = SECRET) => createHmac('sha256', secret).update(id).digest('hex');
function token(claims: unknown, header: unknown = { alg: 'HS256', typ: 'JWT' }, secret = SECRET): string {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Made by another implementation than ours. */
const BY_PYTHON = {
  hash: '310eb96ba69804e92288c7d3497892c8b52a2cc3b0cc71bec1fb4ce9ba88e809',
  token:
    'eyJ0eXAiOiAiSldUIiwgImFsZyI6ICJIUzI1NiJ9.eyJzdWIiOiAidS0xIiwgImV4cCI6IDQxMDI0NDQ4MDB9.' +
    'ZRiRqfCik5NLXmqYC_bUSEEMwvJl30hZT3U5lAKFdnE',
};

describe('a proof of a user id', () => {
  test.each([
    ['the HMAC-SHA256 of the id', hash('u-1')],
    ['one that another implementation made', BY_PYTHON.hash],
    ['a token that another implementation made', BY_PYTHON.token],
    ['in capitals', hash('u-1').toUpperCase()],
    ['a token in force', token({ sub: 'u-1', exp: IN_FORCE })],
    ['a token that began', token({ sub: 'u-1', exp: IN_FORCE, nbf: NOW / 1_000 })],
    ['a token without a type', token({ sub: 'u-1', exp: IN_FORCE }, { alg: 'HS256' })],
  ])('is %s, by any of the secrets', (_what, proof) => {
    expect(secrets.prove(proof, 'u-1', NOW)).toBe(true);
    expect(secrets.prove(proof, 'u-2', NOW)).toBe(false);
    expect(new IdentitySecrets(['another secret of 32 characters, or']).prove(proof, 'u-1', NOW)).toBe(false);
    expect(new IdentitySecrets([]).prove(proof, 'u-1', NOW)).toBe(false);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a number', 7],
    ['a text', 'u-1'],
    ['a part of a hash', hash('u-1').slice(1)],
    ['a token without an end', token({ sub: 'u-1' })],
    ['a token whose end is a text', token({ sub: 'u-1', exp: String(IN_FORCE) })],
    ['a token that has ended', token({ sub: 'u-1', exp: NOW / 1_000 })],
    ['a token that has not begun', token({ sub: 'u-1', exp: IN_FORCE, nbf: IN_FORCE })],
    ['a token of nobody', token({ exp: IN_FORCE })],
    ['a token of a number', token({ sub: 1, exp: IN_FORCE })],
    ['a token that says it is not signed', token({ sub: 'u-1', exp: IN_FORCE }, { alg: 'none' })],
    ['a token without a signature', token({ sub: 'u-1', exp: IN_FORCE }).replace(/[^.]*$/, '')],
    ['a token with half a signature', token({ sub: 'u-1', exp: IN_FORCE }).slice(0, -20)],
    ['a token of another algorithm', token({ sub: 'u-1', exp: IN_FORCE }, { alg: 'HS512' })],
    [
      'a token with a part that must be understood',
      token({ sub: 'u-1', exp: IN_FORCE }, { alg: 'HS256', crit: ['x'] }),
    ],
    ['a token of no object', token(null)],
    ['a token with more parts', `${token({ sub: 'u-1', exp: IN_FORCE })}.x`],
    ['a token that is too long', token({ sub: 'u-1', exp: IN_FORCE, more: 'x'.repeat(4_096) })],
    [
      'a token with other claims',
      token({ sub: 'u-2', exp: IN_FORCE }).replace(/\.[^.]*/, `.${encoded({ sub: 'u-1' })}`),
    ],
  ])('is not %s', (_what, proof) => {
    expect(secrets.prove(proof, 'u-1', NOW)).toBe(false);
  });
});
