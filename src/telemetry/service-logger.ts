import { ConsoleLogger } from '@nestjs/common';
import type { LogLevel } from '../config.js';

const LEVELS: Readonly<Record<LogLevel, ('fatal' | 'error' | 'warn' | 'log' | 'debug')[]>> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  log: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug'],
};

/** Nest's own account of its wiring is for those who ask for debug. */
const WIRING = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

class ServiceLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (WIRING.has(String(rest.at(-1))) && !this.isLevelEnabled('debug')) return;
    super.log(message, ...rest);
  }
}

/** For people on a terminal, JSON lines for machines elsewhere. */
export function newLogger(level: LogLevel): ConsoleLogger {
  const json = !process.stdout.isTTY;
  return new ServiceLogger({ json, colors: !json, logLevels: LEVELS[level], prefix: 'usher' });
}
