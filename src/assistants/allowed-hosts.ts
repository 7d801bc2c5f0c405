import type { IncomingHttpHeaders } from 'node:http';
import { localhostAllowedHostnames, validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';
import { HostRefused } from '../errors.js';

/** Every address of a machine: no name that somebody calls it by. */
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '[::]']);

/** The names by which assistants may call: of this machine, what is listened on, and those of settings. */
export function allowedHosts(host: string, more: readonly string[]): readonly string[] {
  const own = WILDCARDS.has(host) ? [] : [host.includes(':') && !host.startsWith('[') ? `[${host}]` : host];
  return [...new Set([...localhostAllowedHostnames(), ...own, ...more].map((name) => name.toLowerCase()))];
}

/**
 * Throws {@link HostRefused} for a request that came by another name, or from a page of another site: a page in a
 * browser may have its own name lead to this machine (DNS rebinding), and then speak to whatever listens there. What
 * proxies say of the name is not looked at, as such a page could say it too.
 */
export function refuseForeign({ host, origin }: IncomingHttpHeaders, allowed: readonly string[]): void {
  if (!validateHostHeader(host, [...allowed]).ok) throw new HostRefused('Host', host);
  if (!validateOriginHeader(origin, [...allowed]).ok) throw new HostRefused('Origin', origin);
}
