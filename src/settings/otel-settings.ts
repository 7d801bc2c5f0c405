import type { Problem } from '../errors.js';
import {
  arePairs,
  isHttpAddress,
  isOneOf,
  isReadableFile,
  isShare,
  isWholeFrom,
  type ValueCheck,
} from './value-checks.js';

/** What is exported over OTLP, by the standard `OTEL_` variables. */
export interface OtelSettings {
  readonly traces: boolean;
  readonly metrics: boolean;
  /** How often metrics are sent, and how long that may take. */
  readonly metricIntervalMs: number;
  readonly metricTimeoutMs: number;
}

/** Nothing is exported. */
export const NO_EXPORT: OtelSettings = {
  ...{ traces: false, metrics: false },
  ...{ metricIntervalMs: 60_000, metricTimeoutMs: 30_000 },
};

/** Per exporter, and for both: `OTEL_EXPORTER_OTLP_HEADERS`, `…_TRACES_HEADERS`, `…_METRICS_HEADERS`. */
const OF_EXPORTERS: Readonly<Record<string, ValueCheck>> = {
  ENDPOINT: isHttpAddress,
  HEADERS: arePairs,
  TIMEOUT: isWholeFrom(1),
  COMPRESSION: isOneOf('gzip', 'none'),
  CERTIFICATE: isReadableFile,
  CLIENT_KEY: isReadableFile,
  CLIENT_CERTIFICATE: isReadableFile,
  PROTOCOL: isOneOf('http/json', 'http/protobuf', 'grpc'),
};

const SAMPLERS = ['always_on', 'always_off', 'traceidratio'];

/** What the libraries of OpenTelemetry, or Usher, do by these; they pass over what they can't read. */
const OTHERS: Readonly<Record<string, ValueCheck>> = {
  OTEL_SDK_DISABLED: isOneOf('true', 'false'),
  OTEL_TRACES_EXPORTER: isOneOf('otlp', 'none'),
  OTEL_METRICS_EXPORTER: isOneOf('otlp', 'none'),
  OTEL_SERVICE_NAME: () => undefined,
  OTEL_RESOURCE_ATTRIBUTES: arePairs,
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: isOneOf('cumulative', 'delta', 'lowmemory'),
  OTEL_METRIC_EXPORT_INTERVAL: isWholeFrom(1),
  OTEL_METRIC_EXPORT_TIMEOUT: isWholeFrom(1),
  OTEL_TRACES_SAMPLER: isOneOf(...SAMPLERS, ...SAMPLERS.map((name) => `parentbased_${name}`)),
  OTEL_TRACES_SAMPLER_ARG: isShare,
  OTEL_BSP_SCHEDULE_DELAY: isWholeFrom(1),
  OTEL_BSP_EXPORT_TIMEOUT: isWholeFrom(1),
  OTEL_BSP_MAX_QUEUE_SIZE: isWholeFrom(1),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: isWholeFrom(1),
};

/** Every variable that is read here. */
export const OTEL_SETTINGS: Readonly<Record<string, ValueCheck>> = {
  ...Object.fromEntries(
    Object.entries(OF_EXPORTERS).flatMap(([name, check]) =>
      ['', 'TRACES_', 'METRICS_'].map((signal) => [`OTEL_EXPORTER_OTLP_${signal}${name}`, check]),
    ),
  ),
  ...OTHERS,
};

/** Names what is wrong and what has no effect; gives what is to be exported. */
export function readOtelSettings(
  env: NodeJS.ProcessEnv,
  { problems, warnings }: { readonly problems: Problem[]; readonly warnings: string[] },
): OtelSettings {
  for (const [path, check] of Object.entries(OTEL_SETTINGS)) {
    const text = env[path]?.trim() ?? '';
    const message = text === '' ? undefined : check(text);
    if (message !== undefined) problems.push({ path, message });
    else if (path.endsWith('_PROTOCOL') && text !== '' && text !== 'http/json')
      warnings.push(`${path}=${text} has no effect: Usher sends http/json, which collectors take on port 4318`);
  }
  const isSent = (signal: 'TRACES' | 'METRICS'): boolean =>
    env['OTEL_SDK_DISABLED'] !== 'true' &&
    env[`OTEL_${signal}_EXPORTER`] !== 'none' &&
    ['', `${signal}_`].some((one) => (env[`OTEL_EXPORTER_OTLP_${one}ENDPOINT`] ?? '').trim() !== '');
  const metricIntervalMs = Number(env['OTEL_METRIC_EXPORT_INTERVAL'] || NO_EXPORT.metricIntervalMs);
  const metricTimeoutMs = Number(env['OTEL_METRIC_EXPORT_TIMEOUT'] || NO_EXPORT.metricTimeoutMs);
  return {
    ...{ traces: isSent('TRACES'), metrics: isSent('METRICS'), metricIntervalMs },
    // The reader of metrics refuses a timeout that is longer than the interval.
    metricTimeoutMs: Math.min(metricTimeoutMs, metricIntervalMs),
  };
}
