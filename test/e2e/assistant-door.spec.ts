import { describe, expect, test } from '@jest/globals';
import { describeOn } from './harness.js';
import { sendRaw } from './raw-socket.js';
import type { Service } from './service.js';

const KEY = 'the-key-of-assistant-01';
const INITIALIZE = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a test', version: '1' } },
};
const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
const BOTH = 'application/json, text/event-stream';

interface Message {
  readonly id?: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Posts a body as it is; gives the status and every message that came back, from JSON or from a stream of events. */
async function post(service: Service, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${service.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: BOTH, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, messages: messagesIn(text) };
}

function messagesIn(text: string): Message[] {
  const texts = text.startsWith('{') ? [text] : [...text.matchAll(/^data: (\{.*)$/gm)].map(([, one = '']) => one);
  return texts.map((one) => JSON.parse(one) as Message);
}

describeOn(
  'SQLite',
  'the door of assistants',
  (service) => {
    test.each(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'])(
      'speaks the protocol of %s, keeping nothing between two requests',
      async (protocolVersion) => {
        const asked = { ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion } };
        const { messages, headers } = await post(service, asked);
        expect(messages).toMatchObject([{ id: 1, result: { protocolVersion, serverInfo: { name: 'usher' } } }]);
        expect(headers.get('mcp-session-id')).toBeNull();
        const list = await post(service, LIST, { 'mcp-protocol-version': protocolVersion });
        expect(list.messages[0]?.result?.['tools']).toHaveLength(13);
      },
    );

    test('answers a version that it does not know with one that it does', async () => {
      const asked = { ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion: '1999-01-01' } };
      expect((await post(service, asked)).messages).toMatchObject([{ result: { protocolVersion: '2025-11-25' } }]);
      const { status, messages } = await post(service, LIST, { 'mcp-protocol-version': '1999-01-01' });
      expect([status, messages[0]?.error]).toEqual([400, expect.anything()]);
    });

    test('takes several messages at once, as earlier versions sent them, up to twenty', async () => {
      const batch = [LIST, { ...LIST, id: 3, method: 'ping' }, { jsonrpc: '2.0', method: 'notifications/initialized' }];
      const { messages } = await post(service, batch, { 'mcp-protocol-version': '2025-03-26' });
      expect(messages.map(({ id }) => id).sort()).toEqual([2, 3]);
      const many = await post(
        service,
        Array.from({ length: 21 }, (_, id) => ({ ...LIST, id })),
      );
      expect([many.status, many.text]).toEqual([400, expect.stringContaining('send at most 20 at once')]);
      expect((await post(service, [])).status).toBe(400);
    });

    test.each(['notifications/initialized', 'notifications/cancelled', 'notifications/none'])(
      'takes the notification %s without an answer',
      async (method) => {
        const { status, text } = await post(service, { jsonrpc: '2.0', method, params: { requestId: 7 } });
        expect([status, text]).toEqual([202, '']);
      },
    );

    test.each([
      ['no JSON', '{"jsonrpc": ', 400],
      ['no message', {}, 400],
      ['a text', '"tools/list"', 400],
      ['a message of another version', { ...LIST, jsonrpc: '1.0' }, 400],
      ['an id that is none', { ...LIST, id: { a: 1 } }, 400],
      ['no method', { jsonrpc: '2.0', id: 1 }, 400],
      ['a poisoned prototype', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"__proto__":{"a":1}}}', 400],
      ['a method that is not there', { ...LIST, method: 'tools/delete' }, 200],
      ['resources, of which there are none', { ...LIST, method: 'resources/list' }, 200],
      ['a call of nothing', { ...LIST, method: 'tools/call' }, 200],
      ['a call with a list', { ...LIST, method: 'tools/call', params: { name: 'list_rules', arguments: [] } }, 200],
    ])('refuses %s, and goes on', async (_, body, status) => {
      const answer = await post(service, body);
      expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(/"error":|"code":/)]);
      expect(answer.text).not.toMatch(/node_modules|\.ts:|\.js:/);
      expect((await post(service, LIST)).status).toBe(200);
    });

    test('gives nobody anything to listen to or to end', async () => {
      for (const method of ['GET', 'DELETE'])
        expect((await service.send(method, '/mcp', { headers: { accept: 'text/event-stream' } })).status).toBe(405);
      const listen = {
        ...{ jsonrpc: '2.0', id: 4, method: 'subscriptions/listen' },
        params: {
          notifications: { toolsListChanged: true },
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'a test', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      };
      const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' };
      const { messages } = await post(service, listen, headers);
      expect(messages).toMatchObject([{ id: 4, error: { message: expect.stringContaining('limit reached') } }]);
    });

    test('wants JSON, and a caller who takes what comes', async () => {
      expect((await post(service, LIST, { 'content-type': 'text/plain' })).status).toBe(415);
      expect((await post(service, LIST, { accept: 'text/html' })).status).toBe(406);
      expect((await post(service, `{"a":"${'x'.repeat(5 * 1024 * 1024)}"}`)).status).toBe(413);
    });

    const raw = (headers: string) => {
      const body = JSON.stringify(LIST);
      const fixed = `content-type: application/json\r\naccept: ${BOTH}\r\ncontent-length: ${body.length}\r\n`;
      return sendRaw(service.url, `POST /mcp HTTP/1.1\r\nconnection: close\r\n${fixed}${headers}\r\n\r\n${body}`);
    };

    test.each([
      ['host: evil.example', 403],
      ['host: evil.example:80', 403],
      ['host: evil.example\r\nx-forwarded-host: localhost', 403],
      ['host: localhost\r\norigin: https://evil.example', 403],
      ['host: localhost\r\norigin: null', 403],
      ['host: localhost', 200],
      ['host: [::1]:3000', 200],
      ['host: 127.0.0.1\r\norigin: http://localhost:6274', 200],
      ['host: usher.example\r\norigin: https://usher.example', 200],
    ])('lets nobody in by a name that is not its own: %j', async (headers, status) => {
      const answer = await raw(headers);
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      if (status === 403) expect(answer).toMatch(/"code":"HOST_REFUSED".*USHER_ASSISTANT_HOSTS/);
      // Whatever the name, no page of another site may read the answer.
      expect(answer.toLowerCase()).not.toContain('access-control-allow-origin');
    });
  },
  { settings: { USHER_ASSISTANT_HOSTS: 'usher.example' } },
);

describe('a key', () => {
  describeOn(
    'SQLite',
    'that calls all the time',
    (service) => {
      test('is told to wait, and each message of a batch counts', async () => {
        const headers = { authorization: `Bearer ${KEY}` };
        expect((await post(service, [LIST, { ...LIST, id: 3 }], headers)).status).toBe(200);
        expect((await post(service, LIST, headers)).status).toBe(200);
        const late = await post(service, LIST, headers);
        expect([late.status, Number(late.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
        expect(late.text).toContain('This key may call tools 3 times a minute');
      });

      test('is counted by tool and outcome, without a word of whom it was about', async () => {
        const { text } = await service.send('GET', '/metrics', {
          headers: { authorization: 'Bearer the-key-of-server-01' },
        });
        expect(text).not.toContain('usher_assistant_calls');
        const call = { ...LIST, method: 'tools/call' };
        const headers = { authorization: 'Bearer the-key-of-server-01' };
        const params = { name: 'explain_decision', arguments: { visitorId: 'u-9', placements: ['hero'] } };
        await post(service, { ...call, params }, headers);
        await post(service, { ...call, params: { name: 'list_rules' } }, headers);
        await post(service, { ...call, params: { name: 'a name with "quotes"' } }, headers);
        const metrics = (await service.send('GET', '/metrics', { headers })).text;
        const counted = metrics.split('\n').filter((line) => line.startsWith('usher_assistant_calls_total{'));
        expect(counted.map((line) => line.replace(/otel_scope\w*="[^"]*",?/g, '')).sort()).toEqual([
          expect.stringMatching(/tool="explain_decision",outcome="ok".* 1$/),
          expect.stringMatching(/tool="list_rules",outcome="refused".* 1$/),
          expect.stringMatching(/tool="unknown",outcome="refused".* 1$/),
        ]);
      });
    },
    { settings: { USHER_KEYS: `assistant:${KEY},server:the-key-of-server-01`, USHER_CALLS_PER_MINUTE: '3' } },
  );
});
