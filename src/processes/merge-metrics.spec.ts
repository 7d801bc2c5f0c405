import { expect, test } from '@jest/globals';
import { mergeMetrics } from './merge-metrics.js';

test('each sample tells its process, and each metric stands in one place', () => {
  const first = `# HELP up Whether
# TYPE up gauge
up 1
# HELP took How long
# TYPE took histogram
took_bucket{route="/{id}",le="1"} 2 1700000000000
took_count{} 2
`;
  const second = `# HELP took How long
# TYPE took histogram
took_bucket{route="a b",le="1"} 3
took_count{} 3
# HELP own Of this one alone
# TYPE own counter
own 7
`;
  expect(
    mergeMetrics(
      new Map([
        [1, first],
        [2, second],
      ]),
    ),
  ).toBe(`# HELP up Whether
# TYPE up gauge
up{process="1"} 1

# HELP took How long
# TYPE took histogram
took_bucket{process="1",route="/{id}",le="1"} 2 1700000000000
took_count{process="1"} 2
took_bucket{process="2",route="a b",le="1"} 3
took_count{process="2"} 3

# HELP own Of this one alone
# TYPE own counter
own{process="2"} 7
`);
});

test('a sample of which nothing is said is known by its name', () => {
  const text = 'bare 1\n';
  expect(
    mergeMetrics(
      new Map([
        [1, text],
        [2, text],
      ]),
    ),
  ).toBe('bare{process="1"} 1\nbare{process="2"} 1\n');
});
