import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { MetricsController, TELEMETRY } from './metrics.controller.js';
import type { Telemetry } from './start-telemetry.js';

/** The room that tells how the service is doing. */
@Module({})
export class TelemetryModule implements OnApplicationShutdown {
  constructor(@Inject(TELEMETRY) private readonly telemetry: Telemetry) {}

  static register(telemetry: Telemetry): DynamicModule {
    return {
      module: TelemetryModule,
      controllers: [HealthController, MetricsController],
      providers: [{ provide: TELEMETRY, useValue: telemetry }],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.telemetry.stop();
  }
}
