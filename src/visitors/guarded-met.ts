import { Logger } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';

/** Where an id came in: a call of tracking, a batch of them, refused events that are replayed, and so on. */
export type GuardedDoor =
  | 'tracking'
  | 'tracking-batch'
  | 'outcomes'
  | 'replay'
  | 'decisions'
  | 'decisions-batch'
  | 'import'
  | 'visitors'
  | 'offers';

const MINUTE_MS = 60_000;

/**
 * Counts the ids that clients send by mistake, by the door at which they came. The log tells of the first at once, and
 * of all that follow once a minute.
 */
export class GuardedMet {
  private readonly logger = new Logger('Ids');
  private readonly counter = metrics.getMeter('usher').createCounter('usher_ids_guarded', {
    description: 'Events, decisions, lines and calls with an id that clients send by mistake, which joins nobody',
  });

  private readonly untold = new Map<GuardedDoor, number>();
  private isQuiet = false;

  /** How many events, decisions, lines or calls had such an id. */
  add(door: GuardedDoor, count: number): void {
    if (count === 0) return;
    this.counter.add(count, { door });
    this.untold.set(door, (this.untold.get(door) ?? 0) + count);
    if (!this.isQuiet) this.tell();
  }

  private tell(): void {
    this.isQuiet = this.untold.size > 0;
    if (!this.isQuiet) return;
    const counts = [...this.untold].map(([door, count]) => `${door} ${count}`).join(', ');
    this.untold.clear();
    this.logger.warn(
      `Ids came that clients send by mistake, such as "undefined": ${counts}. They join nobody; ` +
        'have the client send the id of the person, or none. docs/doors.md says which ids these are.',
    );
    setTimeout(() => this.tell(), MINUTE_MS).unref();
  }
}
