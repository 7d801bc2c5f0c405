import { metrics, trace } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
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
 * Starts metrics, and with an OTLP endpoint their export and that of spans. Must be called before the rooms are made,
 * as their counters belong to the provider of that moment. One per process: a second call gives the first one.
 */
export function startTelemetry(otlpEndpoint: string | undefined): Telemetry {
  running ??= start(otlpEndpoint);
  return running;
}

function start(otlpEndpoint: string | undefined): Telemetry {
  const resource = resourceFromAttributes({ 'service.name': 'usher' });
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const meters = new MeterProvider({
    resource,
    readers: [
      prometheus,
      ...(otlpEndpoint === undefined
        ? []
        : [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })]),
    ],
  });
  metrics.setGlobalMeterProvider(meters);
  const tracers = otlpEndpoint === undefined ? undefined : startTracing(resource);
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
    },
  };
}

/** The exporters read the endpoint and its headers from the standard OTEL_ variables themselves. */
function startTracing(resource: Resource): BasicTracerProvider {
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  trace.setGlobalTracerProvider(provider);
  return provider;
}
