import { mkdirSync } from 'node:fs';
import { CommandFailed } from '../errors.js';
import { readConfig, type Config } from '../config.js';
import { isOneOfSeveral, leaveOthers, placeHere, tellReady } from '../processes/serving-process.js';
import { severalProcesses } from '../processes/several-processes.js';
import { newLogger } from '../telemetry/service-logger.js';
import { tryIt } from './try-it.js';

/**
 * `usher start`: runs the service until it is stopped. Throws `UsherError` where it can't start, with what to do. Saved
 * rule files go live with the embedded store, unless told otherwise.
 */
export async function startService(options: { watch?: boolean }, print: (text: string) => void): Promise<void> {
  const config = readConfig();
  if (options.watch === true && config.approvals)
    throw new CommandFailed(
      'With USHER_APPROVALS=1 nothing goes live by saving it. Leave --watch out, ' +
        'and use `usher publish` and `usher activate`.',
    );
  const watch = options.watch ?? (config.redisUrl === undefined && !config.approvals);
  if (config.redisUrl === undefined) createFolder(config.dataDir);
  const ready = (url: string) =>
    print(`Usher decides at ${url}  (its API: ${url}/docs)\n\nTry it:\n${tryIt(url, config.keys.length > 0)}\n`);
  if (config.processes === 1) return ready(await serveHere(config, watch));
  if (!isOneOfSeveral()) return serveInSeveral(config, ready);
  const place = await placeHere();
  try {
    // What one of them does and says is enough.
    tellReady(await serveHere(place === 1 ? config : { ...config, warnings: [] }, watch && place === 1));
  } catch (error) {
    leaveOthers();
    throw error;
  }
}

async function serveHere(config: Config, watch: boolean): Promise<string> {
  // Loaded here, because the other commands must not wait for it.
  const { boot } = await import('../main.js');
  try {
    return (await boot(config, { watch })).url;
  } catch (error) {
    throw explained(error, config);
  }
}

/** Ends as they do. */
async function serveInSeveral({ processes, logLevel }: Config, ready: (url: string) => void): Promise<void> {
  const logger = newLogger(logLevel);
  const endedBy = await severalProcesses(processes, { ready, ended: (line) => logger.error(line, 'Processes') });
  if (typeof endedBy === 'string') process.kill(process.pid, endedBy);
  else process.exitCode = endedBy;
}

function createFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw new CommandFailed(
      `The data folder ${dir} can't be made (${String(codeOf(error))}). Name another one with USHER_DATA.`,
    );
  }
}

function explained(error: unknown, { host, port }: Config): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new CommandFailed(
        `Port ${port} of ${host} is in use; is Usher running already? Choose another with PORT=${port + 1}.`,
      );
    case 'EACCES':
      return new CommandFailed(
        `Port ${port} of ${host} may not be opened by this user. Choose one above 1023 with PORT.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CommandFailed(
        `HOST=${host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all of them.`,
      );
    default:
      return error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
