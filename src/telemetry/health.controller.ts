import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../access/needs.js';
import { Answers } from '../http/answers.js';
import { StoreConnection } from '../stores/store-connection.js';

/** That the process runs. */
export interface Liveness {
  readonly status: 'ok';
}

/** Whether the service can take work, and with what. */
export interface Readiness {
  /** `degraded`: decisions are served from the request's context alone, and events are refused. */
  readonly status: 'ok' | 'degraded';
  readonly store: 'up' | 'down';
}

/** Probes for whoever runs the service. */
@ApiTags('operations')
@Controller('health')
export class HealthController {
  constructor(private readonly store: StoreConnection) {}

  @Get('live')
  @Needs('nothing')
  @ApiOperation({ summary: 'The process runs' })
  @Answers('Liveness')
  live(): Liveness {
    return { status: 'ok' };
  }

  /**
   * Answers 200 without a store too: decisions are served all the same, and taking every replica out would end that.
   */
  @Get('ready')
  @Needs('nothing')
  @ApiOperation({ summary: 'The service takes requests; "degraded" while its store does not answer' })
  @Answers('Readiness')
  async ready(): Promise<Readiness> {
    try {
      await this.store.ping();
      return { status: 'ok', store: 'up' };
    } catch {
      return { status: 'degraded', store: 'down' };
    }
  }
}
