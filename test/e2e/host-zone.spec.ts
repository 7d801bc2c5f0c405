import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { BuiltCli } from './built-cli.js';

/** Every half hour of the nights in which clocks change, and what else a text may depend on. */
const SCRIPT = `
const [{ renderer }, { nowIn }] = await Promise.all([import(process.argv[1]), import(process.argv[2])]);
const render = renderer({ content: {
  there: '{{ profile.at | date: "%c %x %X %A %d %B %H:%M %j %U %s %z %Z" }} {{ profile.wall | date }}',
  utc: '{{ profile.at | date: "%c %Y-%m-%d %H:%M", "UTC" }} {{ profile.wall | date_to_xmlschema }}',
  number: '{{ 1234.5 | money: "EUR" }} {{ 0.5 | percent }} {{ 1234.5 | number: 2 }}' } });
const nights = ['2026-03-07T22:00Z', '2026-03-28T22:00Z', '2026-10-24T22:00Z', '2026-10-31T22:00Z', '2026-12-31T22:00Z'];
const out = nights.flatMap((night) => Array.from({ length: 24 }, (_, half) => {
  const at = new Date(Date.parse(night) + half * 1800000).toISOString();
  return ['Europe/Berlin', 'America/New_York', undefined].map((timeZone) => [
    nowIn(timeZone ?? 'UTC', Date.parse(at)),
    render({ profile: { at, wall: at.slice(0, 19) }, context: {}, now: Date.parse(at), placement: { timeZone } })?.content,
  ]);
}));
console.log(JSON.stringify(out));
`;

let cli: BuiltCli;
beforeAll(async () => {
  cli = await BuiltCli.open();
});
afterAll(() => cli.remove());

async function toldIn(TZ: string, LANG: string): Promise<string> {
  const modules = ['rulebook/templates/templates.js', 'engine/facts/now-fact.js'];
  const addresses = modules.map((name) => pathToFileURL(join(cli.folder, 'dist', name)).href);
  const args = ['--input-type=module', '-e', SCRIPT, ...addresses];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { TZ, LANG, LC_ALL: LANG } });
  return stdout;
}

test('the zone and the language of the machine reach neither texts nor the fact "now"', async () => {
  const [utc, ...others] = await Promise.all([
    toldIn('UTC', 'C'),
    toldIn('Europe/Berlin', 'de_DE.UTF-8'),
    toldIn('America/New_York', 'ar_EG.UTF-8'),
  ]);
  expect(utc?.length).toBeGreaterThan(10_000);
  expect(utc).not.toContain('null');
  expect(others).toEqual([utc, utc]);
});
