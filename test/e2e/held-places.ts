/** Finds every place where this service could hold something of a person: tables, keys, and fields of the process. */
import type * as core from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isSet } from 'node:util/types';
import { DatabaseSync } from 'node:sqlite';
import type * as redisConnection from '../../src/stores/redis/redis-connection.js';
import { PATIENT } from '../redis-server.js';
import { importBuilt } from './built.js';

const { ModulesContainer } = await importBuilt<typeof core>('@nestjs/core');
const { RedisConnection } = await importBuilt<typeof redisConnection>('./stores/redis/redis-connection.js');

/** The tables of a file of SQLite. */
export function tablesIn(file: string): string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  database.close();
  return rows.map(({ name }) => String(name)).sort();
}

/** The keys of a Redis. */
export async function keysIn(url: string): Promise<string[]> {
  const connection = await RedisConnection.open(url, PATIENT);
  const keys = await connection.run((redis) => redis.keys('*'));
  await connection.close();
  return keys.sort();
}

/**
 * Every list, map and set that an instance of a class of `src/` holds, as `Class.field`, reached from what the modules
 * provide; those of what such a field holds in turn as `Class.field.field`.
 */
export function fieldsIn(app: INestApplicationContext): string[] {
  const modules = [...app.get(ModulesContainer).values()];
  const provided = modules.flatMap(({ providers, controllers }) =>
    [...providers.values(), ...controllers.values()].map(({ instance }): unknown => instance),
  );
  const roots = new Set(provided.filter(isOurs));
  return [...new Set([...roots].flatMap((root) => fieldsOf(root, root.constructor.name, roots)))].sort();
}

/** What of `found` none of the patterns names; `*` stands for anything, and whatever lies below is named too. */
export function unclaimed(found: readonly string[], patterns: readonly string[]): string[] {
  const claims = patterns.map((pattern) => new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}(\\.|$)`));
  return found.filter((place) => !claims.some((claim) => claim.test(place)));
}

function fieldsOf(owner: object, path: string, roots: ReadonlySet<object>): string[] {
  return Object.entries(owner).flatMap(([name, value]: [string, unknown]) => {
    const field = `${path}.${name}`;
    if (Array.isArray(value) || isMap(value) || isSet(value)) return [field];
    // What is provided has a path of its own; and nothing here holds itself.
    return isOurs(value) && !roots.has(value) ? fieldsOf(value, field, roots) : [];
  });
}

const ourClasses = new Set(
  readdirSync(join(import.meta.dirname, '../../src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.(spec|contract)\.ts$/.test(path))
    .flatMap((path) => classesIn(readFileSync(join(import.meta.dirname, '../../src', path), 'utf8'))),
);

function classesIn(source: string): string[] {
  return [...source.matchAll(/^(?:export )?(?:abstract )?class (\w+)/gm)].map(([, name = '']) => name);
}

function isOurs(value: unknown): value is object {
  return typeof value === 'object' && value !== null && ourClasses.has(value.constructor?.name);
}
