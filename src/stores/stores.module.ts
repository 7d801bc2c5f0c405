import { type DynamicModule, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../config.js';
import { DecisionLog } from './decision-log.js';
import { openStores, Stores } from './open-stores.js';
import type { WatchOutages } from './outage-watch.js';
import { VisitorStore } from './visitor-store.js';

/**
 * Provides {@link VisitorStore}, {@link DecisionLog} and {@link Stores} to every room. They are closed on application
 * shutdown, the last of Nest's hooks: what is still to be written goes out in `onModuleDestroy` or
 * `beforeApplicationShutdown`.
 */
@Module({})
export class StoresModule implements OnApplicationShutdown {
  constructor(@Inject(Stores) private readonly stores: Stores) {}

  static register(config: Config): DynamicModule {
    return {
      module: StoresModule,
      global: true,
      providers: [
        { provide: Stores, useFactory: () => openStores(config, logOutages(new Logger('Stores'))) },
        { provide: VisitorStore, inject: [Stores], useFactory: (stores: Stores) => stores.visitors },
        { provide: DecisionLog, inject: [Stores], useFactory: (stores: Stores) => stores.decisions },
      ],
      exports: [Stores, VisitorStore, DecisionLog],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stores.close();
  }
}

function logOutages(logger: Logger): WatchOutages {
  return {
    onDown: (reason) => logger.error(`Redis does not answer: ${reason}`),
    onUp: () => logger.log('Redis answers again'),
  };
}
