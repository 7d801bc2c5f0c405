import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';

/** What is wrong with the text of a setting, and what to write instead; undefined where it is in order. */
export type ValueCheck = (text: string) => string | undefined;

/** The address of a server that speaks HTTP. */
export const isHttpAddress: ValueCheck = (text) =>
  /^https?:$/.test(URL.parse(text)?.protocol ?? '')
    ? undefined
    : `must be an address such as http://127.0.0.1:4318; got "${text}"`;

/** A whole number from `min` on. */
export function isWholeFrom(min: number): ValueCheck {
  return (text) =>
    /^\d+$/.test(text) && Number(text) >= min && Number.isSafeInteger(Number(text))
      ? undefined
      : `must be a whole number from ${min} on; got "${text}"`;
}

/** A share from 0 to 1. */
export const isShare: ValueCheck = (text) =>
  Number(text) >= 0 && Number(text) <= 1 ? undefined : `must be a number from 0 to 1, such as 0.01; got "${text}"`;

/** One of some words. */
export function isOneOf(...words: readonly string[]): ValueCheck {
  return (text) => (words.includes(text) ? undefined : `must be one of ${words.join(', ')}; got "${text}"`);
}

/** A file that can be read. */
export const isReadableFile: ValueCheck = (text) => {
  try {
    accessSync(text, constants.R_OK);
    return undefined;
  } catch (error) {
    return `can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): "${text}"`;
  }
};

const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/** Addresses and networks of them, apart by commas. */
export const areNetworks: ValueCheck = (text) => {
  const bad = text.split(',').find((one) => !isNetwork(one.trim()));
  return bad === undefined
    ? undefined
    : 'must be addresses or networks, apart by commas, such as loopback, 10.0.0.0/8 or 2001:db8::1; ' +
        `got "${bad.trim()}"`;
};

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (prefix === undefined) return bits > 0 || NAMED_NETWORKS.includes(text);
  return /^\d+$/.test(prefix) && Number(prefix) > 0 && Number(prefix) <= bits && more.length === 0;
}

const PAIR = /^\s*[^=\s]+\s*=\s*[^=]*$/;

/** Pairs `name=value`, apart by commas. What they hold may be secret: only the place of a bad one is told. */
export const arePairs: ValueCheck = (text) => {
  const bad = text.split(',').findIndex((pair) => pair.trim() !== '' && !(PAIR.test(pair) && isDecodable(pair)));
  return bad < 0
    ? undefined
    : `must be name=value pairs, apart by commas, with "%2C" and "%3D" for "," and "=" within; pair ${bad + 1} is not`;
};

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A name or an address; what comes with it in a header may be any port. */
const HOST_NAME = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[\da-f:.]+\])$/i;

/** Host names, apart by commas. */
export const areHostNames: ValueCheck = (text) => {
  const hosts = text.split(',').map((part) => part.trim());
  const bad = hosts.find((host) => !HOST_NAME.test(host));
  if (bad === undefined) return undefined;
  return `must be host names without scheme and port, apart by commas, such as usher.example; got "${bad}"`;
};

/** Origins of pages, apart by commas. */
export const areOrigins: ValueCheck = (text) => {
  const origins = text.split(',').map((origin) => origin.trim());
  const bad = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (bad === undefined) return undefined;
  return `must be * or a comma-separated list of origins such as https://shop.example; got "${bad}"`;
};

/** Where a Redis is, in one of the forms of `docs/operations.md`. */
export const isRedisUrl: ValueCheck = (text) => {
  const isWhole = /^(unix|redis\+sentinel):\/\//.test(text);
  if (isWhole || text.split(',').every((url) => /^rediss?:\/\//.test(url.trim()))) return undefined;
  return (
    'must start with redis://, rediss://, redis+sentinel:// or unix://, ' +
    'or be a comma-separated list of those for a Cluster'
  );
};
