import { once, EventEmitter } from 'node:events';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Rulebook } from '../engine/types.js';
import { problemText, type RuleProblem } from './rule-problem.js';
import { RulebookModule } from './rulebook.module.js';
import { RulebookService } from './rulebook.service.js';
import { removeRules, SAMPLE, writeRule, writeRules, type Files } from './sample-rules.contract.js';

const WELCOME = 'offers/welcome.json';
const text = SAMPLE[WELCOME] ?? '';
const dirs: string[] = [];
const services: RulebookService[] = [];

beforeEach(() => Logger.overrideLogger(false));
afterEach(() => services.splice(0).forEach((service) => service.stop()));
afterAll(() => {
  dirs.forEach(removeRules);
  Logger.overrideLogger(['log', 'warn', 'error']);
});

function folder(changes: Files = {}): string {
  const dir = writeRules(changes);
  dirs.push(dir);
  return dir;
}

function started(dir: string): RulebookService {
  const service = new RulebookService();
  services.push(service);
  service.start(dir);
  return service;
}

/** Watches, and gives the next change or breakage as a promise. */
function watched(service: RulebookService) {
  const heard = new EventEmitter();
  service.watch({ changed: (rulebook) => heard.emit('changed', rulebook), broken: (problems) => heard.emit('broken', problems) });
  return {
    changed: async () => (await once(heard, 'changed'))[0] as Rulebook,
    broken: async () => (await once(heard, 'broken'))[0] as readonly RuleProblem[],
  };
}

describe('the start', () => {
  test('makes version 1 of the rulebook', () => {
    const service = started(folder());
    expect(service.current().version).toBe(1);
    expect([...service.current().offers.keys()]).toEqual(['pet-camera', 'welcome']);
  });

  test('is stopped by broken rules, with all their problems', () => {
    const dir = folder({ [WELCOME]: '{', 'segments/pet-lovers.json': '{ "name": 1 }' });
    expect(() => started(dir)).toThrow(
      expect.objectContaining({
        code: 'BROKEN_RULEBOOK',
        message: [
          'The rule files have 3 problems:',
          '  rules/offers/welcome.json:1:1 this { is never closed; the file ends before its }',
          '  rules/segments/pet-lovers.json:1:1 "conditions" is missing; add "conditions": { "all": [ … ] }, when it holds',
          '  rules/segments/pet-lovers.json:1:11 "name" must be a text between quotes; got 1',
        ].join('\n'),
      }),
    );
  });

  test('comes before everything else', () => {
    expect(() => new RulebookService().current()).toThrow('no rules are loaded yet');
  });

  test('is done by the module', async () => {
    const app = await Test.createTestingModule({ imports: [RulebookModule.register({ rulesDir: folder() })] }).compile();
    expect(app.get(RulebookService).current().version).toBe(1);
    await app.close();
  });
});

describe('watching', () => {
  test('makes a saved change live as the next version', async () => {
    const dir = folder();
    const service = started(dir);
    const before = service.current();
    const { changed } = watched(service);
    const next = changed();
    writeRule(dir, WELCOME, text.replace('"Welcome" }', '"Hello" }'));
    const rulebook = await next;
    expect(rulebook.version).toBe(2);
    expect(rulebook.digest).not.toBe(before.digest);
    expect(service.current()).toBe(rulebook);
  });

  test('leaves the last good rulebook live when what is saved is broken, and goes on when it is mended', async () => {
    const dir = folder();
    const service = started(dir);
    const { broken, changed } = watched(service);
    const problems = broken();
    writeRule(dir, WELCOME, '{');
    expect((await problems).map(problemText)).toEqual(['rules/offers/welcome.json:1:1 this { is never closed; the file ends before its }']);
    expect(service.current().version).toBe(1);
    const next = changed();
    writeRule(dir, WELCOME, `${text}\n`);
    expect((await next).version).toBe(2);
  });

  test('sees files that are new, and a folder put in the place of the old one', async () => {
    const dir = folder();
    const { changed } = watched(started(dir));
    const first = changed();
    writeRule(dir, 'segments/new.yaml', 'name: New\nconditions: { all: [] }\n');
    expect([...(await first).segments.keys()]).toContain('new');
    const second = changed();
    renameSync(dir, join(dir, '../old'));
    renameSync(folder(), dir);
    expect([...(await second).segments.keys()]).not.toContain('new');
    const third = changed();
    writeRule(dir, WELCOME, `${text}\n`);
    expect((await third).version).toBe(4);
  });

  test('takes several writes in a row for one change, and no change for none', async () => {
    const dir = folder();
    const service = started(dir);
    const { changed } = watched(service);
    const next = changed();
    writeRule(dir, WELCOME, '{');
    writeRule(dir, WELCOME, text);
    writeRule(dir, 'offers/other.json', text);
    expect((await next).version).toBe(2);
    writeRule(dir, WELCOME, text);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(service.current().version).toBe(2);
  });

  test('ends with stop', async () => {
    const dir = folder();
    const service = started(dir);
    watched(service);
    service.stop();
    writeRule(dir, WELCOME, `${text}\n`);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(service.current().version).toBe(1);
  });
});
