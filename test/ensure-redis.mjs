/** Before the tests: makes sure of a `redis-server`, which they start by themselves, and says nothing when it is there. */
import { spawnSync } from 'node:child_process';

/** The first manager that is there is asked. Homebrew refuses to run as root; the others need to. */
const MANAGERS = [
  { command: 'apt-get', steps: [['apt-get', 'update'], ['apt-get', 'install', '-y', '--no-install-recommends', 'redis-server']] },
  { command: 'apk', steps: [['apk', 'add', '--no-cache', 'redis']] },
  { command: 'dnf', steps: [['dnf', 'install', '-y', 'redis']], otherwise: [['dnf', 'install', '-y', 'valkey-compat-redis']] },
  { command: 'brew', steps: [['brew', 'install', 'redis']], needsRoot: false },
];

process.exitCode = hasRedis() || install() ? 0 : 1;

function install() {
  const manager = MANAGERS.find(({ command }) => runs(command, '--version'));
  const asRoot = manager && rootPrefix(manager);
  if (!asRoot) return giveUp();
  console.log(`redis-server is not there; the tests need a real one: installing it with ${manager.command} ...`);
  const output = [manager.steps, manager.otherwise ?? []].map((steps) => (hasRedis() ? '' : follow(steps, asRoot))).join('');
  return hasRedis() || giveUp(output);
}

/** Undefined when root is needed and can't be had without asking for a password. */
function rootPrefix({ needsRoot = true }) {
  if (!needsRoot || process.getuid?.() === 0) return [];
  return runs('sudo', '-n', 'true') ? ['sudo', '-n'] : undefined;
}

/** A failed step does not stop the next: an update that fails halfway often leaves an index that is good enough. */
function follow(steps, prefix) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return steps
    .map((step) => {
      const [command, ...args] = [...prefix, ...step];
      const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
      return status === 0 ? '' : `${stdout ?? ''}${stderr ?? ''}`;
    })
    .join('');
}

function giveUp(output = '') {
  if (output) console.error(output.trimEnd());
  console.error('The tests need redis-server 6 or later on the PATH: install "redis-server" (Debian, Ubuntu) or "redis" (Alpine, Fedora, Homebrew) and run them again.');
  return false;
}

function hasRedis() {
  return runs('redis-server', '--version');
}

function runs(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
