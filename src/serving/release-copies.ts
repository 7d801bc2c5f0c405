import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, createGzip, gunzip } from 'node:zlib';
import type { Release, ReleaseFile, ReleaseSummary, Rollout } from '../stores/release-store.js';

/** What tells a release from all others: the same version of another store is another release. */
export type ReleaseId = Pick<ReleaseSummary, 'version' | 'digest'>;

/** What served last, by this disk. */
export interface LastServing {
  readonly rollout: Rollout;
  readonly releases: readonly ReleaseId[];
}

const LAST = 'last-serving.json';

/** The releases that serve as files on this disk: a service whose store is away when it starts has them still. */
export class ReleaseCopies {
  /** `dir` need not exist. */
  constructor(private readonly dir: string) {}

  /** Of these, those that have no copy here yet: their files are wanted when they are to be remembered. */
  async missing<T extends ReleaseId>(releases: readonly T[]): Promise<T[]> {
    const there = new Set(await readdir(this.dir).catch(() => []));
    return releases.filter((release) => !there.has(nameOf(release)));
  }

  /**
   * From now on these are what served last; copies of others are removed. `missing` are those of them that have no copy
   * yet. Rejects where the disk can't be written.
   */
  async remember(rollout: Rollout, releases: readonly ReleaseId[], missing: readonly Release[]): Promise<void> {
    await mkdir(this.dir, { recursive: true });
    for (const release of missing) {
      await this.write(nameOf(release), (file) =>
        pipeline(Readable.from(linesOf(release)), createGzip(QUICKLY), createWriteStream(file, { flush: true })),
      );
    }
    const ids = releases.map(({ version, digest }): ReleaseId => ({ version, digest }));
    await this.write(LAST, (file) =>
      writeFile(file, JSON.stringify({ rollout, releases: ids } satisfies LastServing), { flush: true }),
    );
    const others = (await readdir(this.dir)).filter(
      (name) => COPY.test(name) && !ids.some((id) => nameOf(id) === name),
    );
    await Promise.all(others.map((name) => rm(join(this.dir, name), { force: true })));
  }

  /** What served last, if anything did. */
  async last(): Promise<LastServing | undefined> {
    return this.read(LAST, (bytes) => JSON.parse(bytes.toString()) as LastServing);
  }

  /** The copy of a release. */
  async release(id: ReleaseId): Promise<Release | undefined> {
    return this.read(nameOf(id), async (bytes) =>
      fromLines((await promisify(gunzip)(bytes)).toString().trimEnd().split('\n')),
    );
  }

  /** Whole or not at all, even where the power is cut. */
  private async write(name: string, writeTo: (file: string) => Promise<void>): Promise<void> {
    const beside = join(this.dir, `.${randomBytes(6).toString('hex')}-${name}`);
    await writeTo(beside);
    await rename(beside, join(this.dir, name));
  }

  /** What can't be read is as good as not there. */
  private async read<T>(name: string, parse: (bytes: Buffer) => T | Promise<T>): Promise<T | undefined> {
    try {
      return await parse(await readFile(join(this.dir, name)));
    } catch {
      return undefined;
    }
  }
}

/** As usual would take twice as long to save a third of the disk, and a release waits for it. */
const QUICKLY = { level: constants.Z_BEST_SPEED, chunkSize: 262_144 };

const COPY = /^\d+-[0-9a-f]+\.ndjson\.gz$/;

function nameOf({ version, digest }: ReleaseId): string {
  return `${version}-${digest.replace(/^sha256:/, '').slice(0, 16)}.ndjson.gz`;
}

type CopiedFile = ReleaseFile & { readonly revision: number | undefined };

/**
 * The release without its files, then a line for each; a turn of the event loop for some of them, as they may be many.
 */
async function* linesOf({ files, revisions, ...rest }: Release): AsyncGenerator<string> {
  yield `${JSON.stringify(rest)}\n`;
  for (let at = 0; at < files.length; at += FILES_A_TURN) {
    yield files
      .slice(at, at + FILES_A_TURN)
      .map(({ path, text }) => `${JSON.stringify({ path, text, revision: revisions[path] } satisfies CopiedFile)}\n`)
      .join('');
    await nextTurn();
  }
}

function fromLines([first = '', ...lines]: readonly string[]): Release {
  const copied = lines.map((line) => JSON.parse(line) as CopiedFile);
  const revisions = Object.fromEntries(
    copied.flatMap(({ path, revision }) => (revision === undefined ? [] : [[path, revision]])),
  );
  return {
    ...(JSON.parse(first) as ReleaseSummary),
    files: copied.map(({ path, text }) => ({ path, text })),
    revisions,
  };
}

const FILES_A_TURN = 200;
