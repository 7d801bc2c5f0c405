import { expect, test } from '@jest/globals';
import { allowedHosts, refuseForeign } from './allowed-hosts.js';

const passes = (headers: { host?: string; origin?: string }, host = '127.0.0.1', more: readonly string[] = []) => {
  try {
    refuseForeign(headers, allowedHosts(host, more));
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'HOST_REFUSED', status: 403 });
    return false;
  }
};

test.each([
  [{ host: '127.0.0.1:3000' }, true],
  [{ host: 'localhost' }, true],
  [{ host: '[::1]:3000' }, true],
  [{ host: 'LOCALHOST:3000' }, true],
  [{ host: 'evil.example' }, false],
  [{ host: 'evil.example:3000' }, false],
  [{ host: 'localhost.evil.example' }, false],
  [{ host: '127.0.0.1.nip.example' }, false],
  [{ host: 'localhost@evil.example' }, false],
  [{ host: 'user:pass@evil.example' }, false],
  [{ host: '' }, false],
  [{}, false],
  [{ host: 'localhost', origin: 'http://localhost:5173' }, true],
  [{ host: 'localhost', origin: 'https://evil.example' }, false],
  [{ host: 'localhost', origin: 'null' }, false],
  [{ host: 'localhost', origin: 'chrome-extension://abc' }, false],
  [{ host: 'localhost', origin: 'http://localhost.evil.example' }, false],
])('%j may call a service of this machine: %s', (headers, may) => {
  expect(passes(headers)).toBe(may);
});

test('the host that is listened on is a name, unless it stands for all of them; others are for settings to say', () => {
  expect(passes({ host: '10.0.0.7:3000' }, '10.0.0.7')).toBe(true);
  expect(passes({ host: '[fd00::7]:3000' }, 'fd00::7')).toBe(true);
  for (const all of ['0.0.0.0', '::']) expect(passes({ host: '10.0.0.7' }, all)).toBe(false);
  expect(passes({ host: '0.0.0.0' }, '0.0.0.0')).toBe(false);
  expect(passes({ host: 'usher.example' }, '0.0.0.0', ['Usher.example'])).toBe(true);
  expect(passes({ host: 'a.usher.example' }, '0.0.0.0', ['usher.example'])).toBe(false);
});
