import { Controller, Get, Header, Param, Req } from '@nestjs/common';
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
  @Get(':key/settings')
  @Needs('browser', { keyIn: 'path' })
  @Header('cache-control', 'private, max-age=300')
  @ApiOperation({ summary: 'The settings that @segment/analytics-next asks for' })
  @Answers('ClientSettings')
  settings(@Param('key') key: string, @Req() request: FastifyRequest): ClientSettings {
    const { host, protocol } = addressOf(request);
    return {
      integrations: {
        'Segment.io': { apiKey: key, apiHost: `${host}/v1`, protocol, retryQueue: true, addBundledMetadata: false },
      },
      metrics: { sampleRate: 0 },
    };
  }
}

/** As the browser knows this service: a proxy in front says it in headers, which deceive none but who sends them. */
function addressOf({ host, protocol, headers }: FastifyRequest): {
  readonly host: string;
  readonly protocol: 'http' | 'https';
} {
  const forwardedHost = first(headers['x-forwarded-host']);
  const forwarded = first(headers['x-forwarded-proto']) ?? protocol;
  return {
    host: forwardedHost !== undefined && HOST.test(forwardedHost) ? forwardedHost : host,
    protocol: forwarded.toLowerCase() === 'https' ? 'https' : 'http',
  };
}

/** A name, an address, or an IPv6 address in brackets; perhaps with a port. */
const HOST = /^([\w.-]+|\[[\da-f:.]+(%25[\w.~-]+)?\])(:\d+)?$/i;

function first(header: string | readonly string[] | undefined): string | undefined {
  return (typeof header === 'string' ? header : header?.[0])?.split(',')[0]?.trim();
}
