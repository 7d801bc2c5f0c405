import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startUsher, type UsherProcess } from '../acceptance/usher-process.ts';
import {
  PATIENT_SETTINGS,
  startRedis,
  startRedisCluster,
  type RedisClusterServers,
  type RedisServer,
} from '../redis-server.ts';

/** Services as processes of their own on one store, with a disk each. Whoever makes it closes it. */
export class Deployment {
  private readonly dist: string;
  private readonly services = new Set<UsherProcess>();
  private folder = '';
  private server: RedisServer | undefined;
  private servers: RedisClusterServers | undefined;

  constructor(dist: string) {
    this.dist = dist;
  }

  /** `rules` are the first to be live. */
  async open(
    store: 'SQLite' | 'Redis' | 'Cluster',
    rules: Readonly<Record<string, string>>,
    { replicas = false } = {},
  ): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'usher-drill-'));
    for (const [path, text] of Object.entries(rules)) {
      await mkdir(dirname(join(this.folder, 'rules', path)), { recursive: true });
      await writeFile(join(this.folder, 'rules', path), text);
    }
    if (store === 'Redis') this.server = await startRedis({ appendOnly: true, args: ['--appendfsync', 'always'] });
    if (store === 'Cluster') this.servers = await startRedisCluster(3, { replicas });
  }

  /** The Redis of services on Redis. */
  get redis(): RedisServer {
    if (!this.server) throw new Error('the services are on SQLite');
    return this.server;
  }

  /** The masters of services on a Redis Cluster. */
  get masters(): readonly RedisServer[] {
    if (!this.servers) throw new Error('the services are on no Cluster');
    return this.servers.nodes;
  }

  /** Kills the master that has the counters of an offer, in a Cluster with replicas. */
  async killMasterOf(offer: string): Promise<void> {
    for (const master of this.masters) {
      const keys = await master.ask(`KEYS usher:{*${offer}*}*`);
      if (!keys.startsWith('*0')) await master.kill();
    }
  }

  /** Where a file of this name would lie. */
  pathOf(name: string): string {
    return join(this.folder, name);
  }

  /** Starts a service; one of the same name finds the same disk. */
  async start(
    name: string,
    settings: Readonly<Record<string, string>> = {},
    nodeArgs: readonly string[] = [],
  ): Promise<UsherProcess> {
    const redis = this.server ?? this.servers;
    const store: Record<string, string> = redis ? { REDIS_URL: redis.url } : {};
    const data = join(this.folder, name);
    await mkdir(data, { recursive: true });
    const service = await startUsher(
      { USHER_DATA: data, USHER_RULES: join(this.folder, 'rules'), ...PATIENT_SETTINGS, ...store, ...settings },
      nodeArgs,
      ['--no-watch'],
      join(this.dist, 'cli/usher.js'),
    );
    this.services.add(service);
    return service;
  }

  async close(): Promise<void> {
    for (const service of this.services) await service.stop();
    await this.server?.stop();
    await this.servers?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
