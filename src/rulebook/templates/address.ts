import { MissingValue } from './missing-value.js';

/**
 * A value as it may stand in an address after what is there already, `before`: percent-encoded, so that it can say
 * nothing but itself (RFC 3986, section 2.1). A value that begins the address and is one by itself (`https://…`,
 * `/path`) stays one. Throws {@link MissingValue} where no encoding would keep a value from leading elsewhere.
 */
export function insertIntoAddress(value: string, before: string): string {
  if (before === '' && WHOLE.test(value)) return tidied(value);
  if (IN_HOST.test(before) && !LABEL.test(value))
    throw new MissingValue('a value in the host of an address may have letters, digits and hyphens only');
  if (/^\.\.?$/.test(value) && !/[?#]/.test(before))
    throw new MissingValue(`"${value}" as a part of a path would lead to another page`);
  return percentEncoded(value);
}

/** The same for a value that a filter such as `url_encode` has encoded: what is encoded stays. */
export function insertEncoded(value: string): string {
  return tidied(value);
}

/**
 * The address when all of it is there. Throws {@link MissingValue} where values made it run code or open another
 * program; `own` is what the template itself begins with.
 */
export function finishedAddress(address: string, own: string): string {
  const scheme = schemeOf(address);
  if (scheme === undefined || SAFE.has(scheme) || schemeOf(own) === scheme) return address;
  throw new MissingValue(`the values make the address begin with "${scheme}:"`);
}

/** What is wrong with an address template by what it begins with, in plain words. */
export function addressProblems(own: string): string[] {
  const scheme = schemeOf(own);
  if (scheme === undefined || !RUNS_CODE.has(scheme)) return [];
  return [`an address that begins with "${scheme}:" runs code, so no value can be inserted safely; link to a page`];
}

const WHOLE = /^(?:https?:\/\/[^/\\]|\/(?![/\\]))/i;
const IN_HOST = /^(?:[a-z][a-z0-9+.-]*:)?[/\\]{2}[^/\\?#]*$/i;
const LABEL = /^[\p{L}\p{N}-]+$/u;
const SAFE: ReadonlySet<string> = new Set(['http', 'https', 'mailto', 'tel', 'sms']);
const RUNS_CODE: ReadonlySet<string> = new Set(['javascript', 'vbscript', 'data']);

/** As browsers see it: they pass over blanks and control characters. */
function schemeOf(address: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):/i.exec(address.replace(/[\x00-\x20]/g, ''))?.[1]?.toLowerCase();
}

function percentEncoded(value: string): string {
  refuseBroken(value);
  return encodeURIComponent(value).replace(/[!'()*]/g, hex);
}

/** What has no place in any address is encoded, a `%` that begins no code too; the rest stays. */
function tidied(value: string): string {
  refuseBroken(value);
  return value
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(/[^\w\-.~:/?#[\]@!$&()*+,;=%]+/g, (other) => encodeURIComponent(other).replace(/'/g, hex));
}

function refuseBroken(value: string): void {
  if (!value.isWellFormed())
    throw new MissingValue('a value has half a surrogate pair, which no address can say; send whole characters');
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
