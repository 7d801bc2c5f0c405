import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What `node:sqlite` and NestJS need. */
const NEEDED = { major: 22, minor: 15 };

/** Those that would end this process, and are the other's to answer. */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;

/**
 * Runs this very command again on the Node that the npm package `node` brings, with the same arguments, folder,
 * environment and streams. Signals are passed on, and this process ends as that one does. Where there is no such Node
 * it says what to do and sets the exit code 1. Imports nothing but what every Node since 20 has.
 */
export async function runOnBundledNode(): Promise<void> {
  const node = bundledNode();
  if (node === undefined) return tellRemedy();
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  const stopPassingOn = passSignalsOn(child);
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, endedBy) => {
      process.exitCode = code ?? 1;
      resolve(endedBy);
    });
  });
  stopPassingOn();
  if (signal) process.kill(process.pid, signal);
}

/** Whether Usher runs on a Node of this version, such as `v24.1.0`. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor);
}

/** Asked for its version before it is used: one that is too old, too, would hand over to itself without end. */
function bundledNode(): string | undefined {
  const path = pathOfBundledNode();
  if (path === undefined) return undefined;
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return status === 0 && isNewEnough(stdout.trim()) ? path : undefined;
}

function pathOfBundledNode(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    return undefined;
  }
}

function passSignalsOn(child: ChildProcess): () => void {
  const ends = PASSED_ON.map((signal) => {
    const passOn = () => void (isFromTerminal(signal) || child.kill(signal));
    process.on(signal, passOn);
    return () => process.off(signal, passOn);
  });
  return () => ends.forEach((end) => end());
}

/** A terminal gives what is typed to both processes itself; a second Ctrl-C would mean "at once". */
function isFromTerminal(signal: NodeJS.Signals): boolean {
  const isOnTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  return isOnTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
}

function tellRemedy(): void {
  process.stderr.write(
    `usher: Usher needs Node ${NEEDED.major}.${NEEDED.minor} or later, this is ${process.version}, ` +
      'and the Node that comes with Usher is not installed. ' +
      'Run `npm ci` without --ignore-scripts, or install a newer Node.\n',
  );
  process.exitCode = 1;
}
