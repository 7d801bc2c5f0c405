import { describe, expect, test } from '@jest/globals';
import { GuardedIds } from './guarded-ids.js';

describe('ids that clients send by mistake', () => {
  const guarded = new GuardedIds();

  test.each([
    ...['undefined', 'UNDEFINED', 'null', '[object Object]', '[object Undefined]', 'NaN', '0', 'true', 'false', '-1'],
    ...['anonymous', 'Guest', 'unknown', 'none', 'N/A', '(not set)', '#REF!', 'function () { }', '() => id'],
    ...['00000000-0000-0000-0000-000000000000', '0000', '-0', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'],
    ...['{{user_id}}', '{{ user.id }}', '{user}', '${userId}', '#{id}', '<%= id %>', '*|EMAIL|*', '%%email%%', '%id%'],
    ...['[[id]]', '<user_id>', 'mail-{{id}}', '""', '"null"', "'undefined'", '\\N'],
    ...[
      '#DIV/0!',
      '#NAME?',
      '#N/A',
      '#NULL!',
      '#NUM!',
      '#SPILL!',
      '#NV',
      '#BEZUG!',
      '#WERT!',
      '#NOM?',
      '#¡REF!',
      '#N/D',
    ],
    ...['undefined-undefined', 'null_null', 'undefined null', '[object Object],[object Object]', 'null:undefined'],
    ...['J\uFFFDrgen', '\uFFFD'],
  ])('%s is one', (id) => {
    expect(guarded.has(id)).toBe(true);
  });

  test.each([
    ...['u-9', '1', '10', '-10', 'nullable', 'anonymous-7', 'guest@example.com', 'dora@example.com', 'true-1'],
    ...['00000000-0000-0000-0000-000000000001', '100%', '50%off%', 'a<b', '0x0', '#7', '#anna', '#na1'],
    ...['undefined-7', 'null-dora', "d'null'", 'N', 'J?rgen'],
  ])('%s is none', (id) => {
    expect(guarded.has(id)).toBe(false);
  });

  test('may be added, and let through', () => {
    const own = new GuardedIds({ added: ['Kiosk-1'], allowed: ['GUEST', '{vip}'] });
    expect(['kiosk-1', 'guest', '{vip}', '{other}', 'null'].map((id) => own.has(id))).toEqual([
      ...[true, false, false, true, true],
    ]);
  });
});
