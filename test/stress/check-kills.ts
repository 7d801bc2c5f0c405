import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startUsher, type UsherProcess } from '../acceptance/usher-process.ts';
import { PATIENT_SETTINGS, startRedis, type RedisServer } from '../redis-server.ts';
import { until } from '../until.ts';

/** Who is killed, and where the events are. */
export type Victim = 'the service on SQLite' | 'the service on Redis' | 'Redis';

const PEOPLE = 10;
const CLIENTS = 4;
const BATCH = 5;

/**
 * Sends events without end while the service or Redis is killed over and over; throws unless every event that was
 * acknowledged is there each time, once.
 */
export async function checkKills(dist: string, victim: Victim, kills: number): Promise<string> {
  const run = new KillRun(dist, victim);
  await run.open();
  try {
    for (let kill = 0; kill < kills; kill++) {
      const sending = Array.from({ length: CLIENTS }, () => run.sendBatches());
      await sleep(100 + Math.random() * 300);
      await run.kill();
      await Promise.all(sending);
      await run.revive();
      await run.check();
    }
    return (
      `${victim} was killed ${kills} times: all ${run.acknowledged.length} acknowledged events are there, ` +
      `once; of ${run.doubtful.length} others were never acknowledged`
    );
  } finally {
    await run.close();
  }
}

interface TrackedEvent {
  readonly messageId: string;
  readonly [name: string]: unknown;
}

/** One service, with the events it was sent. */
class KillRun {
  readonly acknowledged: TrackedEvent[] = [];
  readonly doubtful: TrackedEvent[] = [];
  private readonly dist: string;
  private readonly victim: Victim;
  private events = 0;
  private isUp = false;
  private folder = '';
  private redis: RedisServer | undefined;
  private usher: UsherProcess | undefined;

  constructor(dist: string, victim: Victim) {
    this.dist = dist;
    this.victim = victim;
  }

  async open(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'usher-kills-'));
    // The fewest that a service starts with: what is at stake are events.
    await mkdir(join(this.folder, 'rules/placements'), { recursive: true });
    await writeFile(join(this.folder, 'rules/placements/hero.json'), '{ "name": "Hero" }');
    if (this.victim !== 'the service on SQLite')
      this.redis = await startRedis({ appendOnly: true, args: ['--appendfsync', 'always'] });
    await this.start();
  }

  async close(): Promise<void> {
    await this.usher?.stop();
    await this.redis?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Sends batches until one is not acknowledged because the service or Redis is gone. */
  async sendBatches(): Promise<void> {
    while (this.isUp) {
      const batch = Array.from({ length: BATCH }, () => this.event());
      const isStored = await this.post(batch).then(
        () => true,
        () => false,
      );
      (isStored ? this.acknowledged : this.doubtful).push(...batch);
    }
  }

  async kill(): Promise<void> {
    this.isUp = false;
    await (this.victim === 'Redis' ? this.redis?.kill() : this.usher?.kill());
  }

  async revive(): Promise<void> {
    if (this.victim !== 'Redis') return this.start();
    await this.redis?.restart();
    await until('the service to find Redis again', () => this.isReady());
    this.isUp = true;
  }

  /** What was acknowledged is known, so that sending it again changes nothing; all in all each is counted once. */
  async check(): Promise<void> {
    const again = await this.send(this.acknowledged);
    if (again > 0) throw new Error(`${again} of ${this.acknowledged.length} acknowledged events were lost`);
    await this.send(this.doubtful);
    await this.send(this.logins());
    const counted = await Promise.all(Array.from({ length: PEOPLE }, (_, person) => this.count(`user-${person}`)));
    const [expected, actual] = [this.events, counted.reduce((sum, one) => sum + one, 0)];
    if (actual !== expected) throw new Error(`${expected} events were sent and ${actual} are counted`);
  }

  private async start(): Promise<void> {
    const store: Record<string, string> = this.redis ? { REDIS_URL: this.redis.url } : {};
    const settings = {
      USHER_DATA: this.folder,
      USHER_RULES: join(this.folder, 'rules'),
      USHER_KEEP_INTERACTIONS: '100000',
      USHER_KEEP_DAYS: '0',
      // Everybody has a new device every hundred events, without end.
      USHER_MOST_IDS: '100000',
      ...PATIENT_SETTINGS,
      ...store,
    };
    this.usher = await startUsher(settings, [], [], join(this.dist, 'cli/usher.js'));
    this.isUp = true;
  }

  /** Under a user id, a device of theirs, or both: some are joined just when somebody is killed. */
  private event(): TrackedEvent {
    const number = this.events++;
    const [userId, anonymousId] = [`user-${number % PEOPLE}`, deviceOf(number)];
    const ids = [{ userId }, { anonymousId }, { userId, anonymousId }][number % 3];
    return { type: 'track', event: 'Counted', messageId: `m-${number}`, timestamp: new Date().toISOString(), ...ids };
  }

  /** Everybody, on every device. */
  private logins(): TrackedEvent[] {
    const devices = new Set(Array.from({ length: this.events }, (_, number) => deviceOf(number)));
    return [...devices].map((anonymousId) => ({
      type: 'identify',
      messageId: `login-${anonymousId}`,
      userId: `user-${anonymousId.split('-')[1]}`,
      anonymousId,
    }));
  }

  private async send(events: readonly TrackedEvent[]): Promise<number> {
    let accepted = 0;
    for (let at = 0; at < events.length; at += 200) accepted += await this.post(events.slice(at, at + 200));
    return accepted;
  }

  private async post(batch: readonly TrackedEvent[]): Promise<number> {
    const response = await fetch(`${this.usher?.url ?? ''}/v1/batch`, {
      method: 'POST',
      body: JSON.stringify({ batch }),
      headers: { 'content-type': 'application/json' },
    });
    const receipt = (await response.json()) as { accepted?: number; refused?: readonly unknown[] };
    if (response.status !== 200 || (receipt.refused?.length ?? 0) > 0)
      throw new Error(`answered ${response.status}: ${JSON.stringify(receipt)}`);
    return receipt.accepted ?? 0;
  }

  private async count(id: string): Promise<number> {
    const response = await fetch(`${this.usher?.url ?? ''}/v1/visitors/${id}`);
    if (response.status === 404) return 0;
    const { counters } = (await response.json()) as { counters: Record<string, { count: number }> };
    return counters['Counted']?.count ?? 0;
  }

  private async isReady(): Promise<boolean> {
    const response = await fetch(`${this.usher?.url ?? ''}/health/ready`);
    return ((await response.json()) as { store: string }).store === 'up';
  }
}

/** Each has a new one now and then. */
function deviceOf(number: number): string {
  return `device-${number % PEOPLE}-${Math.floor(number / 100)}`;
}
