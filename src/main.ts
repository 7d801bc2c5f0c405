import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { guardRoutes } from './access/access-guard.js';
import { describeAccess, noteNeeds, type RouteNeeds } from './access/describe-access.js';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { answerSchemas } from './http/answer-schemas.js';
import { MAX_BODY_BYTES, useBodyParsers } from './http/body-parsers.js';
import { useCrossOrigin } from './http/cross-origin.js';
import { endConnectionsOnClose } from './http/end-connections.js';
import { bindDirectly } from './http/direct-routes.js';
import { LoopClock } from './http/loop-clock.js';
import { plainUrl, refuseUnreadableQueries } from './http/plain-url.js';
import { Admission } from './http/admission.js';
import { answerProblem, ProblemFilter } from './http/problem-filter.js';
import { endSlowBodies } from './http/slow-bodies.js';
import { turnAway } from './http/turn-away.js';
import { dtoSchemas } from './http/validate-body.js';
import { DecisionsController } from './decisions/decisions.controller.js';
import { WarmUp } from './decisions/warm-up.js';
import { FallbackAnswers } from './decisions/fallback-answers.js';
import { OfrepController } from './ofrep/ofrep.controller.js';
import { BeginServing } from './releases/begin-serving.js';
import { TrackingController } from './tracking/tracking.controller.js';
import { newLogger } from './telemetry/service-logger.js';
import { startTelemetry } from './telemetry/start-telemetry.js';

/** A service that listens. */
export interface RunningService {
  /** Where it answers, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Finishes what is under way, writes what is waiting, and lets go of ports and files. */
  close(): Promise<void>;
}

/** Starts the service: rules first, so that where there are none to serve it stops before it listens. */
export async function boot(config: Config, { watch = false } = {}): Promise<RunningService> {
  const telemetry = await startTelemetry(config.otel);
  const logger = newLogger(config.logLevel);
  Logger.overrideLogger(logger);
  for (const warning of config.warnings) logger.warn(`${warning}.`, 'settings');
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(config, telemetry),
    newAdapter(config),
    {
      logger,
      abortOnError: false,
      // Ours alone: Nest's would take forms for objects.
      bodyParser: false,
    },
  );
  try {
    await app.get(BeginServing).begin({ watch });
    refuseUnreadableQueries(app.getHttpAdapter().getInstance());
    endSlowBodies(app.getHttpAdapter().getInstance(), { timeoutMs: config.bodyTimeoutMs, most: config.maxInFlight });
    useBodyParsers(app);
    const needs = noteNeeds(app.getHttpAdapter().getInstance());
    useCrossOrigin(app.getHttpAdapter().getInstance(), {
      origins: config.corsOrigins,
      isForBrowsers: ({ needs }) => needs === 'browser' || (needs?.includes('browser') ?? false),
    });
    guardRoutes(app.getHttpAdapter().getInstance(), config.keys, config.identitySecrets);
    const [fallbacks, clock] = [app.get(FallbackAnswers), app.get(LoopClock)];
    turnAway(app.getHttpAdapter().getInstance(), app.get(Admission), (body) => fallbacks.answer(body, clock.arrival()));
    bindBusiest(app);
    endConnectionsOnClose(app);
    app.useGlobalFilters(new ProblemFilter());
    app.enableShutdownHooks();
    describeApi(app, config, needs);
    await warmUp(app, config);
    await app.listen({ port: config.port, host: config.host, backlog: BACKLOG });
  } catch (error) {
    await app.close();
    throw error;
  }
  return { url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), close: () => app.close() };
}

/** So many connections may wait to be taken, or fewer where the system says so. Others come a second late. */
const BACKLOG = 4_096;

/** Any id of the longest kind: a character has up to four bytes, each written as %xx; and some blanks around it. */
const MAX_ENCODED_ID = 4_096;

/** Headers come in one go, or from somebody who means to keep the connection. */
const HEADERS_TIMEOUT_MS = 15_000;

function newAdapter({ trustedProxies }: Config): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    forceCloseConnections: 'idle',
    // Of the headers alone; a body has a time of its own.
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: 5_000 },
    // What others say in X-Forwarded-… is no more than a word of the caller.
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    routerOptions: { maxParamLength: MAX_ENCODED_ID },
    rewriteUrl: ({ url = '' }) => plainUrl(url),
    frameworkErrors: answerProblem,
  });
}

/** What is done for the first time takes long: it is done before anybody waits for it. */
async function warmUp(app: NestFastifyApplication, { keys }: Config): Promise<void> {
  await app.get(WarmUp).run();
  await app.init();
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.ready();
  // An empty request is refused, and changes nothing; where keys are set it would count as one without a key.
  if (keys.length === 0) await fastify.inject({ method: 'POST', url: '/v1/decisions', payload: {} });
  else await fastify.inject({ method: 'GET', url: '/health/live' });
}

/** What is called for every page that somebody looks at. */
function bindBusiest(app: NestFastifyApplication): void {
  const [decisions, tracking, ofrep] = [
    app.get(DecisionsController),
    app.get(TrackingController),
    app.get(OfrepController),
  ];
  bindDirectly(app.getHttpAdapter().getInstance(), {
    '/v1/decisions': (body, request) => decisions.decide(body, request),
    '/ofrep/v1/evaluate/flags': (body, request, reply) => ofrep.evaluateAll(body, request, reply),
    '/ofrep/v1/evaluate/flags/:key': (body, request) => ofrep.evaluate(body, request),
    '/v1/track': (body, request) => tracking.track(body, request),
    '/v1/t': (body, request) => tracking.track(body, request),
    '/v1/batch': (body, request) => tracking.batch(body, request),
    '/v1/b': (body, request) => tracking.batch(body, request),
  });
}

function describeApi(app: NestFastifyApplication, { keys }: Config, needs: RouteNeeds): void {
  const description = new DocumentBuilder()
    .setTitle('Usher')
    .setDescription('Decides, for every visitor and in about a millisecond, the next best content, offer or action.')
    .setVersion('1')
    // The first version whose schemas are JSON Schema, as those of the answers are.
    .setOpenAPIVersion('3.1.0');
  if (keys.length > 0) description.addSecurityRequirements('key');
  const info = description.build();
  // Made when somebody asks for it: the routes are added, and what they need is known, after this.
  SwaggerModule.setup('docs', app, () => {
    const document = SwaggerModule.createDocument(app, info);
    document.components = {
      ...document.components,
      schemas: { ...document.components?.schemas, ...(dtoSchemas() as object), ...answerSchemas() },
    };
    describeAccess(document, needs);
    return document;
  });
}
