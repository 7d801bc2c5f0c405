import { type Figures, NO_FIGURES, OfferFigures } from '../offer-figures.js';
import type { RedisConnection } from './redis-connection.js';

/** The version, a space, and the figures as JSON. */
const FIGURES = 'usher:{figures}';

/** More digits than a version has. */
const MOST_DIGITS = 20;

/** Figures of offers, in Redis. */
export class RedisOfferFigures extends OfferFigures {
  /** The connection is closed by whoever opened it. */
  constructor(private readonly connection: RedisConnection) {
    super();
  }

  async read(): Promise<Figures> {
    const value = await this.connection.run((redis) => redis.get(FIGURES));
    if (value === null) return NO_FIGURES;
    const end = value.indexOf(' ');
    return { version: Number(value.slice(0, end)), body: value.slice(end + 1) };
  }

  async version(): Promise<number> {
    const head = await this.connection.run((redis) => redis.getrange(FIGURES, 0, MOST_DIGITS));
    return Number.parseInt(head, 10) || 0;
  }

  async put({ version, body }: Figures): Promise<boolean> {
    const from = version === 1 ? '' : String(version - 1);
    const value = Buffer.from(`${version} ${body}`);
    return (await this.connection.run((redis) => redis.compareAndSet(FIGURES, from, value))) === 1;
  }
}
