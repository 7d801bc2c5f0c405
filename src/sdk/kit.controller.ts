import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../access/needs.js';
import { NotFound } from '../errors.js';
import { Answers } from '../http/answers.js';
import { KitFile } from './kit-file.js';

/** Where the kit of this version is, for whoever writes pages. */
export interface KitAddresses {
  /** Looked at again after five minutes. */
  readonly latest: string;
  /** Never changes; another version of the service does not have it. */
  readonly immutable: string;
  /** What a page may hold it to: for the attribute `integrity` beside `crossorigin` (Subresource Integrity). */
  readonly integrity: string;
}

const SCRIPT = { description: 'JavaScript', content: { 'text/javascript': { schema: { type: 'string' as const } } } };

/** So long a page may use what it has without asking; then it asks by the ETag. */
const FRESH = 'public, max-age=300, stale-while-revalidate=86400';
const FOR_EVER = 'public, max-age=31536000, immutable';

/** The kit for pages. Pages of any origin may load it, whoever may call: it holds nothing of anybody. */
@ApiTags('sdk')
@Controller('sdk')
export class KitController {
  constructor(private readonly kit: KitFile) {}

  @Get()
  @Needs('nothing')
  @ApiOperation({ summary: 'Where the kit for pages is, and what its bytes can be held to' })
  @Answers('KitAddresses')
  addresses(): KitAddresses {
    const { digest, integrity } = this.kit;
    return { latest: '/sdk/usher.js', immutable: `/sdk/usher.${digest}.js`, integrity };
  }

  @Get('usher.js')
  @Needs('nothing')
  @ApiOperation({ summary: 'The kit for pages, of the version that serves' })
  @ApiOkResponse(SCRIPT)
  latest(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send(request, reply, FRESH);
  }

  @Get(':file')
  @Needs('nothing')
  @ApiOperation({ summary: 'The same as usher.<digest>.js, which never changes' })
  @ApiOkResponse(SCRIPT)
  byDigest(@Param('file') file: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (file !== `usher.${this.kit.digest}.js`)
      throw new NotFound('There is no such file; GET /sdk says which there are of this version.');
    this.send(request, reply, FOR_EVER);
  }

  private send({ headers }: FastifyRequest, reply: FastifyReply, cacheControl: string): void {
    const { body, coding, etag } = this.kit.formFor(headers['accept-encoding']);
    void reply.headers({
      'access-control-allow-origin': '*',
      'cache-control': cacheControl,
      'cross-origin-resource-policy': 'cross-origin',
      etag,
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
    });
    if (isKnown(headers['if-none-match'], etag)) return void reply.status(304).send();
    if (coding) void reply.header('content-encoding', coding);
    void reply.type('text/javascript; charset=utf-8').send(body);
  }
}

/** RFC 9110, section 13.1.2: compared weakly, as proxies that pack anew make ETags weak. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = ifNoneMatch?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? [];
  return known.includes(etag) || known.includes('*');
}
