import type { Waiting } from '../releases/rules-folder.js';
import type { Release, ReleaseEvent, ReleaseSummary, Rollout } from '../stores/release-store.js';

/** A release as people see it. */
export interface ShownSummary extends Omit<ReleaseSummary, 'publishedAt'> {
  /** ISO 8601. */
  readonly publishedAt: string;
}

/** A release with the revision of each file: the release in which it last changed. */
export interface ShownRelease extends ShownSummary {
  readonly revisions: Readonly<Record<string, number>>;
  /** The text of each file by its path, where it was asked for. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What serves now; what is absent there is not. */
export interface ShownRollout {
  readonly revision: number;
  readonly live?: number;
  readonly canary?: NonNullable<Rollout['canary']>;
  readonly shadow?: NonNullable<Rollout['shadow']>;
  /** What a rollback goes back to, the latest first. */
  readonly before: readonly number[];
  /** What is saved in the watched folder and does not go live, as somebody has rolled back. */
  readonly waiting?: ShownWaiting;
}

/** The files of a watched folder that wait, and since when. */
export interface ShownWaiting extends Omit<Waiting, 'since'> {
  /** ISO 8601. */
  readonly since: string;
}

/** A line of the log of who did what when. */
export interface ShownEvent extends Omit<ReleaseEvent, 'at'> {
  /** ISO 8601. */
  readonly at: string;
}

/** A release without its files. */
export function toShownSummary({
  version,
  digest,
  publishedAt,
  author,
  message,
  fileCount,
}: ReleaseSummary): ShownSummary {
  return { version, digest, publishedAt: new Date(publishedAt).toISOString(), author, message, fileCount };
}

/** A release with its revisions, and with its files where they are wanted. */
export function toShownRelease(release: Release, withFiles: boolean): ShownRelease {
  const files = withFiles && { files: Object.fromEntries(release.files.map(({ path, text }) => [path, text])) };
  return { ...toShownSummary(release), revisions: release.revisions, ...files };
}

/** What serves. */
export function toShownRollout(
  { revision, live, canary, shadow, before }: Rollout,
  waiting: Waiting | undefined,
): ShownRollout {
  return {
    revision,
    ...(live !== undefined && { live }),
    ...(canary && { canary }),
    ...(shadow && { shadow }),
    before,
    ...(waiting && { waiting: { ...waiting, since: new Date(waiting.since).toISOString() } }),
  };
}

/** A line of the log. */
export function toShownEvent(event: ReleaseEvent): ShownEvent {
  return { ...event, at: new Date(event.at).toISOString() };
}
