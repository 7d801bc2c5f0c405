import { metrics, trace } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader, type IMetricReader } from '@opentelemetry/sdk-metrics';
import { NO_EXPORT, type OtelSettings } from '../settings/otel-settings.js';
import { measureProcess } from './measure-process.js';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

/** What is measured, ready to be read or sent. */
export interface Telemetry {
  /** The metrics as Prometheus reads them. */
  prometheusText(): Promise<string>;
  /** Sends what is left. */
  stop(): Promise<void>;
}

let running: Telemetry | undefined;

/**
 * Starts metrics, and their export and that of spans where it is asked for. Must be called before the rooms are made,
 * as their counters belong to the provider of that moment. One per process: a second call gives the first one.
 */
export function startTelemetry(settings: OtelSettings = NO_EXPORT): Telemetry {
  running ??= start(settings);
  return running;
}

function start(settings: OtelSettings): Telemetry {
  // `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` come before our own word.
  const resource = resourceFromAttributes({ 'service.name': 'usher' }).merge(
    detectResources({ detectors: [envDetector] }),
  );
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const meters = new MeterProvider({ resource, readers: [prometheus, ...metricExports(settings)] });
  metrics.setGlobalMeterProvider(meters);
  const stopMeasuring = measureProcess();
  const tracers = settings.traces ? startTracing(resource) : undefined;
  return {
    async prometheusText() {
      const { resourceMetrics } = await prometheus.collect();
      return new PrometheusSerializer().serialize(resourceMetrics);
    },
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

/** The exporters read the endpoint, its headers and so on from the standard OTEL_ variables themselves. */
function metricExports({ metrics: isSent, metricIntervalMs, metricTimeoutMs }: OtelSettings): IMetricReader[] {
  if (!isSent) return [];
  const exporter = new OTLPMetricExporter();
  return [
    new PeriodicExportingMetricReader({
      exporter,
      exportIntervalMillis: metricIntervalMs,
      exportTimeoutMillis: metricTimeoutMs,
    }),
  ];
}

function startTracing(resource: Resource): BasicTracerProvider {
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  trace.setGlobalTracerProvider(provider);
  return provider;
}
