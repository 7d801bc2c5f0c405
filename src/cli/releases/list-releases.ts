import { styleText } from 'node:util';
import type { EventAnswer, ReleaseAnswer, RolloutAnswer } from './answers.js';
import { rolloutText, servesAs } from './print-rollout.js';
import { ReleaseClient, wholeNumber, type ReleaseOptions } from './release-client.js';

/** The options of `usher releases`. */
export interface ListOptions extends ReleaseOptions {
  /** Who did what when, instead of the releases. */
  readonly log?: boolean;
  readonly limit: string;
}

/** `usher releases`: prints the latest releases and what serves, or the log of who did what. */
export async function listReleases(options: ListOptions, print: (text: string) => void): Promise<number> {
  const limit = wholeNumber(options.limit, '--limit');
  const client = new ReleaseClient(options);
  if (options.log) {
    const events = await client.events(limit);
    print(options.json ? JSON.stringify({ events }, null, 2) : logText(events));
    return 0;
  }
  const [rollout, releases] = [await client.rollout(), await client.releases(limit)];
  print(options.json ? JSON.stringify({ rollout, releases }, null, 2) : releasesText(releases, rollout));
  return 0;
}

function releasesText(releases: readonly ReleaseAnswer[], rollout: RolloutAnswer): string {
  if (releases.length === 0) return 'No release was published yet. Make one with: usher publish -m "The first"';
  const rows = releases.map((one) => [
    String(one.version),
    servesAs(one.version, rollout),
    timeText(one.publishedAt),
    one.author,
    firstLine(one.message),
  ]);
  return [...table(['release', 'serves as', 'published', 'by', 'message'], rows), '', rolloutText(rollout)].join('\n');
}

function logText(events: readonly EventAnswer[]): string {
  const rows = events.map((event) => [
    timeText(event.at),
    event.who,
    event.action,
    String(event.version),
    asText(event),
    firstLine(event.message ?? ''),
  ]);
  return table(['when', 'who', 'did', 'release', 'as', 'message'], rows).join('\n');
}

function asText({ as = '', share }: EventAnswer): string {
  return share === undefined ? as : `${as} ${share} %`;
}

function timeText(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? '';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [styleText('bold', line(head)), ...rows.map(line)];
}
