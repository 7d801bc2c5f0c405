import { type DynamicModule, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../config.js';
import { DecisionLog } from './decision-log.js';
import { DraftStore } from './draft-store.js';
import { Housekeeping } from './housekeeping.js';
import { LimitStore } from './limit-store.js';
import { OfferFigures } from './offer-figures.js';
import { openStores, Stores } from './open-stores.js';
import type { WatchOutages } from './outage-watch.js';
import { PersonalRecordsList } from './personal/personal-records-list.js';
import { RecordedInputs } from './recorded-inputs.js';
import { RejectedEvents } from './rejected-events.js';
import { ReleaseStore } from './release-store.js';
import { SearchIndex } from './search-index.js';
import { StoreConnection } from './store-connection.js';
import { storedRecords } from './personal/stored-records.js';
import { VisitorStore } from './visitor-store.js';

/**
 * Provides {@link Stores}, each of its ports, and the list of what is held of people to every room. They are closed on
 * application shutdown, the last of Nest's hooks: what is still to be written goes out in `onModuleDestroy` or
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
        { provide: Stores, useFactory: () => openStores(config, logOutages(config, new Logger('Stores'))) },
        { provide: StoreConnection, inject: [Stores], useFactory: (stores: Stores) => stores.connection },
        { provide: VisitorStore, inject: [Stores], useFactory: (stores: Stores) => stores.visitors },
        { provide: DecisionLog, inject: [Stores], useFactory: (stores: Stores) => stores.decisions },
        { provide: Housekeeping, inject: [Stores], useFactory: (stores: Stores) => stores.housekeeping },
        { provide: RejectedEvents, inject: [Stores], useFactory: (stores: Stores) => stores.rejected },
        { provide: ReleaseStore, inject: [Stores], useFactory: (stores: Stores) => stores.releases },
        { provide: RecordedInputs, inject: [Stores], useFactory: (stores: Stores) => stores.recorded },
        { provide: LimitStore, inject: [Stores], useFactory: (stores: Stores) => stores.limits },
        { provide: OfferFigures, inject: [Stores], useFactory: (stores: Stores) => stores.figures },
        { provide: SearchIndex, inject: [Stores], useFactory: (stores: Stores) => stores.search },
        { provide: DraftStore, inject: [Stores], useFactory: (stores: Stores) => stores.drafts },
        { provide: PersonalRecordsList, inject: [Stores], useFactory: (stores: Stores) => listOf(stores, config) },
      ],
      exports: [
        ...[
          Stores,
          StoreConnection,
          VisitorStore,
          DecisionLog,
          Housekeeping,
          RejectedEvents,
          ReleaseStore,
          RecordedInputs,
          LimitStore,
          OfferFigures,
          SearchIndex,
          DraftStore,
        ],
        PersonalRecordsList,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stores.close();
  }
}

function listOf(stores: Stores, config: Config): PersonalRecordsList {
  return new PersonalRecordsList(storedRecords(stores, config));
}

function logOutages({ redisUrl }: Config, logger: Logger): WatchOutages {
  if (redisUrl === undefined)
    return {
      onDown: (reason) => logger.error(`The thread that writes to SQLite has ended: ${reason}`),
      onUp: () => logger.log('SQLite is written to again'),
    };
  return {
    onDown: (reason) => logger.error(`Redis does not answer: ${reason}`),
    onUp: () => logger.log('Redis answers again'),
  };
}
