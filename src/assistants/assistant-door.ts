import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthorRates } from '../access/author-rates.js';
import { InvalidRequest } from '../errors.js';
import { CallLog } from './call-log.js';
import type { AssistantHosts, Protocol } from './protocol.js';
import type { Caller, Tool } from './tool.js';

/** The names by which assistants may call the service: {@link AssistantHosts}. */
export const ASSISTANT_HOSTS = Symbol('the names by which assistants may call');
/** Every tool there is. */
export const TOOLS = Symbol('tools of assistants');

/** The largest body: a draft, in which JSON writes some characters with six, and all that the protocol says besides. */
export const MAX_ASSISTANT_BYTES = 5 * 1024 * 1024;

/** The protocol of before 2025-06-18 sends several messages at once. */
const MOST_MESSAGES = 20;

/** Headers that are for Usher, and for nobody beyond this door. */
const OURS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'connection', 'content-length']);

/**
 * The door of assistants: who may come in, how often, and how what they send goes to the SDK of the protocol and back.
 * It keeps nothing between two requests; every one is answered by itself, in whichever version of the protocol.
 */
@Injectable()
export class AssistantDoor implements OnModuleDestroy {
  private readonly callers = new WeakMap<Request, Caller>();
  /** Loads what speaks the protocol: it takes 33 MB and 90 ms, and most services never have an assistant. */
  private readonly open: () => Promise<Protocol>;
  private opened: Promise<Protocol> | undefined;

  constructor(
    @Inject(ASSISTANT_HOSTS) hosts: AssistantHosts,
    @Inject(TOOLS) tools: readonly Tool[],
    private readonly rates: AuthorRates,
    log: CallLog,
  ) {
    const callerOf = (request: Request | undefined) => this.callerOf(request);
    this.open = async () => (await import('./protocol.js')).openProtocol({ hosts, tools, log, callerOf });
  }

  /** Answers a request, whatever its method. Throws what every door throws for who may not come in. */
  async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const protocol = await (this.opened ??= this.open());
    protocol.refuseForeign(request.headers);
    this.count(request);
    const ended = new AbortController();
    reply.raw.once('close', () => ended.abort());
    const { body } = request;
    const asked = webRequest(request, ended.signal);
    this.callers.set(asked, { who: request.usherWho, scopes: request.usherScopes, signal: ended.signal });
    const response = await protocol.fetch(asked, body === undefined ? {} : { parsedBody: body });
    void reply.status(response.status).headers(Object.fromEntries(response.headers));
    // The web's type of a stream, and Node's of the same.
    await reply.send(response.body ? Readable.fromWeb(response.body) : undefined);
  }

  async onModuleDestroy(): Promise<void> {
    await (await this.opened)?.close();
  }

  private count({ body, usherWho }: FastifyRequest): void {
    const messages = Array.isArray(body) ? body.length : 1;
    if (messages > MOST_MESSAGES)
      throw new InvalidRequest([
        { path: '', message: `has ${messages} messages; send at most ${MOST_MESSAGES} at once` },
      ]);
    for (let at = 0; at < messages; at++) this.rates.take('call', usherWho);
  }

  private callerOf(request: Request | undefined): Caller {
    const caller = request && this.callers.get(request);
    // Without knowing who it is, nothing may be done.
    return caller ?? { who: 'unknown', scopes: new Set(), signal: AbortSignal.abort() };
  }
}

function webRequest({ method, headers, url }: FastifyRequest, signal: AbortSignal): Request {
  return new Request(`http://usher.invalid${url}`, { method, headers: handedOn(headers), signal });
}

function handedOn(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || OURS.has(name) ? [] : [[name, [value].flat().join(', ')] satisfies [string, string]],
  );
}
