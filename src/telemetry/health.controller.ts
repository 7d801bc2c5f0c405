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
  /** `degraded`: events are refused. */
  readonly status: 'ok' | 'degraded';
  /**
   * `down`: decisions are served from the request's context alone. `read-only`: they are made in full, of what was
   * known before and what comes with them; nothing new is remembered, as the disk or Redis is full.
   */
  readonly store: 'up' | 'down' | 'read-only';
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
  @ApiOperation({ summary: 'The service takes requests; "degraded" while its store takes nothing in' })
  @Answers('Readiness')
  async ready(): Promise<Readiness> {
    try {
      await this.store.ping();
    } catch {
      return { status: 'degraded', store: 'down' };
    }
    try {
      await this.store.tryWrite();
      return { status: 'ok', store: 'up' };
    } catch {
      return { status: 'degraded', store: 'read-only' };
    }
  }
}
