import { metrics, trace } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { detectResources, envDetector, resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { NO_EXPORT, type OtelSettings } from '../settings/otel-settings.js';
import { metricsOfAll } from '../processes/serving-process.js';
import { measureProcess } from './measure-process.js';
import type { TelemetryExport } from './telemetry-export.js';

/** What is measured, ready to be read or sent. */
export interface Telemetry {
  /** The metrics as Prometheus reads them, of all processes that serve here together. */
  prometheusText(): Promise<string>;
  /** Sends what is left. */
  stop(): Promise<void>;
}

let running: Promise<Telemetry> | undefined;

/**
 * Starts metrics, and their export and that of spans where it is asked for. Must be done before the rooms are made, as
 * their counters belong to the provider of that moment. One per process: a second call gives the first one.
 */
export function startTelemetry(settings: OtelSettings = NO_EXPORT): Promise<Telemetry> {
  running ??= start(settings);
  return running;
}

async function start(settings: OtelSettings): Promise<Telemetry> {
  // `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` come before our own word.
  const resource = resourceFromAttributes({ 'service.name': 'usher' }).merge(
    detectResources({ detectors: [envDetector] }),
  );
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const { metricReaders, tracers } = await startExport(settings, resource);
  const meters = new MeterProvider({ resource, readers: [prometheus, ...metricReaders] });
  metrics.setGlobalMeterProvider(meters);
  const stopMeasuring = measureProcess();
  return {
    prometheusText: metricsOfAll(async () => {
      const { resourceMetrics } = await prometheus.collect();
      return new PrometheusSerializer().serialize(resourceMetrics);
    }),
    async stop() {
      running = undefined;
      metrics.disable();
      trace.disable();
      // An endpoint that is down must not hold the shutdown up: what could not be sent is lost.
      await Promise.allSettled([meters.shutdown(), tracers?.shutdown()]);
      stopMeasuring();
    },
  };
}

/** What sends is loaded where something is sent: the start of others does not wait for it. */
async function startExport(settings: OtelSettings, resource: Resource): Promise<TelemetryExport> {
  if (!settings.metrics && !settings.traces) return { metricReaders: [], tracers: undefined };
  return (await import('./telemetry-export.js')).startExport(settings, resource);
}
