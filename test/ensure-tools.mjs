/**
 * Before tests, benches, drills and stress: makes sure of the programs that they start by themselves, and says nothing
 * when they are there.
 * `node test/ensure-tools.mjs [redis] [browser]`; without a name, all.
 */
import { spawnSync } from 'node:child_process';

const TOOLS = {
  redis: {
    what: 'redis-server 6 or later',
    commands: ['redis-server'],
    packages: { 'apt-get': ['redis-server'], apk: ['redis'], dnf: ['redis', 'valkey-compat-redis'], brew: ['redis'] },
  },
  browser: {
    what: 'Chromium or Chrome',
    // As test/e2e/browser.ts looks for it.
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    packages: { 'apt-get': ['chromium', 'chromium-browser'], apk: ['chromium'], dnf: ['chromium'], brew: ['chromium'] },
  },
};

/** The first manager that is there is asked. Homebrew refuses to run as root; the others need to. */
const MANAGERS = [
  {
    command: 'apt-get',
    before: ['apt-get', 'update'],
    install: ['apt-get', 'install', '-y', '--no-install-recommends'],
  },
  { command: 'apk', install: ['apk', 'add', '--no-cache'] },
  { command: 'dnf', install: ['dnf', 'install', '-y'] },
  { command: 'brew', install: ['brew', 'install'], needsRoot: false },
];

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(TOOLS);
const missing = wanted.map((name) => TOOLS[name]).filter((tool) => !isThere(tool));
process.exitCode = missing.length === 0 || install(missing) ? 0 : 1;

function install(tools) {
  const manager = MANAGERS.find(({ command }) => runs(command, '--version'));
  const asRoot = manager && rootPrefix(manager);
  if (!asRoot) return giveUp(tools);
  console.log(`This needs ${tools.map(({ what }) => what).join(' and ')}: installing with ${manager.command} ...`);
  let output = manager.before ? follow(manager.before, asRoot) : '';
  for (const tool of tools) {
    for (const name of tool.packages[manager.command])
      if (!isThere(tool)) output += follow([...manager.install, name], asRoot);
  }
  const left = tools.filter((tool) => !isThere(tool));
  return left.length === 0 || giveUp(left, output);
}

/** Undefined when root is needed and can't be had without asking for a password. */
function rootPrefix({ needsRoot = true }) {
  if (!needsRoot || process.getuid?.() === 0) return [];
  return runs('sudo', '-n', 'true') ? ['sudo', '-n'] : undefined;
}

/** A failed step does not stop the next: an update that fails halfway often leaves an index that is good enough. */
function follow(step, prefix) {
  const [command, ...args] = [...prefix, ...step];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return status === 0 ? '' : `${stdout ?? ''}${stderr ?? ''}`;
}

function giveUp(tools, output = '') {
  if (output) console.error(output.trimEnd());
  for (const { what, commands, packages } of tools) {
    const named = [...new Set(Object.values(packages).map(([name]) => `"${name}"`))].join(' or ');
    console.error(
      `This needs ${what} on the PATH, as ${commands.join(' or ')}: install the package ${named} and run it again.`,
    );
  }
  return false;
}

function isThere({ commands }) {
  return commands.some((command) => runs(command, '--version'));
}

function runs(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
