import { trace } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { Resource } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader, type IMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { OtelSettings } from '../settings/otel-settings.js';

/** What sends metrics and spans; there is none of what is not asked for. */
export interface TelemetryExport {
  readonly metricReaders: readonly IMetricReader[];
  readonly tracers: BasicTracerProvider | undefined;
}

/** The exporters read the endpoint, its headers and so on from the standard OTEL_ variables themselves. */
export function startExport(settings: OtelSettings, resource: Resource): TelemetryExport {
  return {
    metricReaders: settings.metrics ? [metricReader(settings)] : [],
    tracers: settings.traces ? startTracing(resource) : undefined,
  };
}

function metricReader({ metricIntervalMs, metricTimeoutMs }: OtelSettings): IMetricReader {
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: metricIntervalMs,
    exportTimeoutMillis: metricTimeoutMs,
  });
}

function startTracing(resource: Resource): BasicTracerProvider {
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  trace.setGlobalTracerProvider(provider);
  return provider;
}
