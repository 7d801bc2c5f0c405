import { Controller, Get, Header, Logger, Param, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../access/needs.js';
import { Answers } from '../http/answers.js';

/** What `@segment/analytics-next` asks for before it sends anything. */
export interface ClientSettings {
  readonly integrations: { readonly 'Segment.io': SegmentIoSettings };
  /** The client's reports on itself, which go nowhere. */
  readonly metrics: { readonly sampleRate: 0 };
}

interface SegmentIoSettings {
  readonly apiKey: string;
  /** Where events go, without the protocol. */
  readonly apiHost: string;
  readonly protocol: 'http' | 'https';
  readonly retryQueue: true;
  readonly addBundledMetadata: false;
}

/** Tells browsers where to send events: here. */
@ApiTags('tracking')
@Controller('v1/projects')
export class SettingsController {
  private readonly logger = new Logger('tracking');
  private hasWarned = false;

  @Get(':key/settings')
  @Needs('browser', { keyIn: 'path' })
  @Header('cache-control', 'private, max-age=300')
  @ApiOperation({ summary: 'The settings that @segment/analytics-next asks for' })
  @Answers('ClientSettings')
  settings(@Param('key') key: string, @Req() request: FastifyRequest): ClientSettings {
    this.warnOfUntrusted(request);
    const { host, protocol } = addressOf(request);
    return {
      integrations: {
        'Segment.io': { apiKey: key, apiHost: `${host}/v1`, protocol, retryQueue: true, addBundledMetadata: false },
      },
      metrics: { sampleRate: 0 },
    };
  }

  /** Once: whoever put a proxy in front and did not say so looks for it in the log. */
  private warnOfUntrusted({ headers, ips = [] }: FastifyRequest): void {
    const isForwarded = headers['x-forwarded-host'] !== undefined || headers['x-forwarded-proto'] !== undefined;
    if (!isForwarded || ips.length > 1 || this.hasWarned) return;
    this.hasWarned = true;
    this.logger.warn(
      'X-Forwarded-Host and X-Forwarded-Proto of somebody whom USHER_TRUSTED_PROXIES does not name are passed over: ' +
        'browsers are told the address that was called. If that was your proxy, name it there, such as "loopback".',
    );
  }
}

/** As the browser knows this service: a trusted proxy in front says it, or it is the address that was called. */
function addressOf({ host, protocol, headers }: FastifyRequest): {
  readonly host: string;
  readonly protocol: 'http' | 'https';
} {
  return {
    host: HOST.test(host) ? host : (headers.host ?? ''),
    protocol: protocol.toLowerCase() === 'https' ? 'https' : 'http',
  };
}

/** A name, an address, or an IPv6 address in brackets; perhaps with a port. */
const HOST = /^([\w.-]+|\[[\da-f:.]+(%25[\w.~-]+)?\])(:\d+)?$/i;
