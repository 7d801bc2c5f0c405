import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Overloaded, TooManyStreams, type UsherError } from '../errors.js';
import { RulebookService } from '../serving/rulebook.service.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';

/** How many streams a process has open at most. */
export const MOST_STREAMS = Symbol('most streams');

/** Proxies mostly end a connection on which nothing is said for a minute. */
const HEARTBEAT_MS = 15_000;
/** What nobody reads piles up: then whoever it is for is gone, or too slow to be told anything. */
const MOST_UNREAD_BYTES = 16 * 1024;
/** Whoever hears of a release asks at once: they are told a few at a time. */
const TOLD_AT_ONCE = 50;
const BETWEEN_MS = 20;
const MOST_OF_ONE_ADDRESS = 100;

/** Who listens, and what they know. */
export interface Listener {
  /** A fingerprint of their key. */
  readonly who: string;
  readonly address: string;
  /** What served when they heard last, if they say. */
  readonly since?: string;
}

/**
 * Tells whoever listens, over server-sent events, that other rules serve and evaluations have to be asked for again. A
 * stream holds nothing of anybody and says nothing of rules. So many may be open in a process, half of them at most of
 * one key where there are several, and few of one address: whoever finds no room asks from time to time instead.
 */
@Injectable()
export class ReleaseStreams implements OnModuleInit, OnModuleDestroy {
  private readonly open = new Map<Readable, Listener>();
  private readonly refused = metrics
    .getMeter('usher')
    .createCounter('usher_streams_refused', { description: 'Streams of releases that there was no room for' });
  private unsubscribe: (() => void) | undefined;
  private beating: NodeJS.Timeout | undefined;
  private told: string | undefined;
  private isOver = false;

  constructor(
    private readonly rulebooks: RulebookService,
    @Inject(MOST_STREAMS) private readonly most: { readonly inAll: number; readonly ofOneKey: number },
  ) {}

  onModuleInit(): void {
    metrics
      .getMeter('usher')
      .createObservableGauge('usher_streams_open', { description: 'Streams of releases that are open' })
      .addCallback((result) => result.observe(this.open.size));
    this.unsubscribe = this.rulebooks.subscribe(() => this.tellAll());
    this.beating = setInterval(() => this.say(': \n\n', [...this.open.keys()]), HEARTBEAT_MS).unref();
  }

  /** Before anybody waits for connections to end: these would not. */
  onModuleDestroy(): void {
    this.isOver = true;
    this.unsubscribe?.();
    clearInterval(this.beating);
    for (const stream of this.open.keys()) stream.push(null);
  }

  /** Whether any are offered. */
  get areOffered(): boolean {
    return this.most.inAll > 0;
  }

  /** What serves now, as streams speak of it. */
  get serving(): string {
    return servingTag(this.rulebooks.serving());
  }

  /** A stream of events for a listener. Throws {@link TooManyStreams}; while the service ends, {@link Overloaded}. */
  listen(listener: Listener): Readable {
    const refusal = this.refusalOf(listener);
    if (refusal) throw refusal;
    const stream = new Readable({ read: () => undefined });
    this.open.set(stream, listener);
    stream.once('close', () => this.open.delete(stream));
    stream.push(': \n\n');
    if (listener.since && listener.since !== this.serving) stream.push(eventOf(this.serving));
    return stream;
  }

  private refusalOf({ who, address }: Listener): UsherError | undefined {
    if (this.isOver) return new Overloaded('The service is being stopped.');
    const { inAll, ofOneKey } = this.most;
    const all = [...this.open.values()];
    const counts = [
      { why: 'process', whose: 'This process', count: all.length, most: inAll },
      { why: 'key', whose: 'This key', count: all.filter((one) => one.who === who).length, most: ofOneKey },
      {
        why: 'address',
        whose: 'This address',
        count: all.filter((one) => one.address === address).length,
        most: Math.min(MOST_OF_ONE_ADDRESS, inAll),
      },
    ];
    const full = counts.find(({ count, most }) => count >= most);
    if (!full) return undefined;
    this.refused.add(1, { why: full.why });
    return new TooManyStreams(full.whose, full.most);
  }

  /** Of a shadow nobody hears: it answers nobody. */
  private tellAll(): void {
    const { serving } = this;
    if (serving === this.told) return;
    this.told = serving;
    this.tell([...this.open.keys()]);
  }

  private tell(streams: readonly Readable[]): void {
    this.say(eventOf(this.serving), streams.slice(0, TOLD_AT_ONCE));
    const others = streams.slice(TOLD_AT_ONCE);
    if (others.length > 0) setTimeout(() => this.tell(others), BETWEEN_MS).unref();
  }

  private say(text: string, streams: readonly Readable[]): void {
    for (const stream of streams) {
      if (!this.open.has(stream) || this.isOver) continue;
      if (stream.readableLength > MOST_UNREAD_BYTES) stream.destroy();
      else stream.push(text);
    }
  }
}

/** The same in every process. */
function servingTag({ live, canary }: ServingRulebooks): string {
  const said = [live.version, live.digest, canary?.rulebook.version, canary?.rulebook.digest, canary?.share];
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 16);
}

function eventOf(serving: string): string {
  return `id: ${serving}\ndata: ${JSON.stringify({ type: 'refetchEvaluation', etag: serving })}\n\n`;
}
