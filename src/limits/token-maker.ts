import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LimitStore } from '../stores/limit-store.js';
import { ItemTokens, newTokenSecret, type DecidedFor } from './item-tokens.js';

const AGAIN_MS = 1_000;

/**
 * Makes and verifies tokens by the one secret that lies in the store, for every replica. Until that is read, as the
 * store does not answer, items have no token, and none is taken for right.
 */
@Injectable()
export class TokenMaker implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('limits');
  private tokens: ItemTokens | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(private readonly store: LimitStore) {}

  /** Waits for the first attempt, but not long: a service starts where its store is away too. */
  async onModuleInit(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, AGAIN_MS);
    await Promise.race([this.load(), promise]);
    clearTimeout(timer);
  }

  onApplicationShutdown(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  /** Makes the tokens of a decision's items; undefined where there is no secret yet. */
  for(decisionId: string, visitorId: string): ((placement: string, offer: string) => string) | undefined {
    const { tokens } = this;
    return tokens && ((placement, offer) => tokens.of({ visitorId, decisionId, placement, offer }));
  }

  /** Whether a token, as it came, speaks of that item. */
  verify(token: unknown, item: DecidedFor): boolean {
    return this.tokens?.verify(token, item) ?? false;
  }

  private async load(): Promise<void> {
    try {
      this.tokens = new ItemTokens(await this.store.secret(newTokenSecret));
    } catch (error) {
      if (this.isOver) return;
      this.logger.warn(`no tokens yet, as their secret can't be read: ${String(error)}`);
      this.timer = setTimeout(() => void this.load(), AGAIN_MS);
      this.timer.unref();
    }
  }
}
