import { metrics } from '@opentelemetry/api';
import {
  constants,
  monitorEventLoopDelay,
  performance,
  PerformanceObserver,
  type PerformanceEntry,
} from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';

const GC_TYPES: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};
const NANOS = 1e9;
const MICROS = 1e6;
const MILLIS = 1e3;
const MINUTE_MS = 60_000;

/**
 * Measures this process and its event loop under the names of OpenTelemetry's semantic conventions (process, Node.js
 * and V8 metrics), in seconds and bytes. Gives what ends it.
 */
export function measureProcess(): () => void {
  measureProcessor();
  measureMemory();
  const endings = [measureEventLoop(), measureCollections()];
  return () => endings.forEach((end) => end());
}

const meter = () => metrics.getMeter('usher');

function measureProcessor(): void {
  meter()
    .createObservableCounter('process.cpu.time', { unit: 's', description: 'Processor time of this process' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe(user / MICROS, { 'cpu.mode': 'user' });
      result.observe(system / MICROS, { 'cpu.mode': 'system' });
    });
  meter()
    .createObservableGauge('process.uptime', { unit: 's', description: 'How long this process has run' })
    .addCallback((result) => result.observe(process.uptime()));
}

function measureMemory(): void {
  meter()
    .createObservableUpDownCounter('process.memory.usage', { unit: 'By', description: 'Memory of this process (RSS)' })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  const used = meter().createObservableUpDownCounter('v8js.memory.heap.used', {
    unit: 'By',
    description: 'What is used of the heap of JavaScript, by its spaces',
  });
  const limit = meter().createObservableUpDownCounter('v8js.memory.heap.limit', {
    unit: 'By',
    description: 'The size of the heap of JavaScript, by its spaces',
  });
  meter().addBatchObservableCallback(
    (result) => {
      for (const { space_name: name, space_used_size: usedBytes, space_size: bytes } of getHeapSpaceStatistics()) {
        result.observe(used, usedBytes, { 'v8js.heap.space.name': name });
        result.observe(limit, bytes, { 'v8js.heap.space.name': name });
      }
    },
    [used, limit],
  );
}

/** How late timers come, and the share of time in which the loop was busy: both within the last minute at most. */
function measureEventLoop(): () => void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  let begin = performance.eventLoopUtilization();
  const minute = setInterval(() => {
    delay.reset();
    begin = performance.eventLoopUtilization();
  }, MINUTE_MS).unref();
  const seconds = (read: () => number) => (result: { observe(value: number): void }) => {
    // Before the first tick of a minute there is nothing to read.
    if (delay.count > 0) result.observe(read() / NANOS);
  };
  const gauge = { unit: 's', description: 'How late the event loop comes to what is due' };
  meter()
    .createObservableGauge('nodejs.eventloop.delay.mean', gauge)
    .addCallback(seconds(() => delay.mean));
  meter()
    .createObservableGauge('nodejs.eventloop.delay.p50', gauge)
    .addCallback(seconds(() => delay.percentile(50)));
  meter()
    .createObservableGauge('nodejs.eventloop.delay.p99', gauge)
    .addCallback(seconds(() => delay.percentile(99)));
  meter()
    .createObservableGauge('nodejs.eventloop.delay.max', gauge)
    .addCallback(seconds(() => delay.max));
  meter()
    .createObservableGauge('nodejs.eventloop.utilization', { description: 'The share of time that it was busy' })
    .addCallback((result) => result.observe(performance.eventLoopUtilization(begin).utilization));
  meter()
    .createObservableCounter('nodejs.eventloop.time', { unit: 's', description: 'How long it was busy, and idle' })
    .addCallback((result) => {
      const { active, idle } = performance.eventLoopUtilization();
      result.observe(active / MILLIS, { 'nodejs.eventloop.state': 'active' });
      result.observe(idle / MILLIS, { 'nodejs.eventloop.state': 'idle' });
    });
  return () => {
    clearInterval(minute);
    delay.disable();
  };
}

/** The types of Node leave out what an entry of this kind tells. */
type CollectionEntry = PerformanceEntry & { readonly detail: { readonly kind: number } };

function measureCollections(): () => void {
  const duration = meter().createHistogram('v8js.gc.duration', {
    unit: 's',
    description: 'How long collections of garbage took',
    advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1] },
  });
  const observer = new PerformanceObserver((list) => {
    for (const { duration: millis, detail } of list.getEntries() as CollectionEntry[]) {
      const type = GC_TYPES[detail.kind];
      if (type !== undefined) duration.record(millis / MILLIS, { 'v8js.gc.type': type });
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}
