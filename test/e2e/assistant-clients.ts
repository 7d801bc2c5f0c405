import type * as newer from '@modelcontextprotocol/client';
import type * as older from '@modelcontextprotocol/sdk/client/index.js';
import type * as olderHttp from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { importBuilt } from './built.js';

const { Client, StreamableHTTPClientTransport } = await importBuilt<typeof newer>('@modelcontextprotocol/client');
const { Client: OldClient } = await importBuilt<typeof older>('@modelcontextprotocol/sdk/client/index.js');
const { StreamableHTTPClientTransport: OldTransport } = await importBuilt<typeof olderHttp>(
  '@modelcontextprotocol/sdk/client/streamableHttp.js',
);

/** What came of a call: the two parts of an answer, and the data in the second. */
export interface Called {
  readonly said: string;
  /** With its marks. */
  readonly marked: string;
  readonly data: unknown;
  readonly isError: boolean;
}

/** An assistant that is connected. */
export interface Assistant {
  /** The version of the protocol that is spoken. */
  readonly version: string;
  tools(): Promise<readonly { readonly name: string; readonly annotations?: object | undefined }[]>;
  call(name: string, args?: object): Promise<Called>;
  close(): Promise<void>;
}

/** The clients that assistants are made with, unmodified, each as it comes. */
export const CLIENTS = ['1.x', '2.x', '2.x of today'] as const;
export type ClientKind = (typeof CLIENTS)[number];

const INFO = { name: 'a test', version: '1' };

/** Connects a client to a service, with a key where one is given. */
export async function connect(kind: ClientKind, url: string, key?: string): Promise<Assistant> {
  const address = new URL('/mcp', url);
  const options = key === undefined ? {} : { requestInit: { headers: { authorization: `Bearer ${key}` } } };
  if (kind === '1.x') {
    const client = new OldClient(INFO);
    const transport = new OldTransport(address, options);
    // Its own type says that a session must be known, which here there is none of.
    await client.connect(transport);
    return assistant(transport.protocolVersion ?? '', {
      list: () => client.listTools(),
      call: (name, args) => client.callTool({ name, arguments: args }),
      close: () => client.close(),
    });
  }
  const client = new Client(INFO, kind === '2.x' ? {} : { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(address, options));
  return assistant(client.getNegotiatedProtocolVersion() ?? '', {
    list: () => client.listTools(),
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  });
}

interface Speaks {
  list(): Promise<{ readonly tools: readonly { readonly name: string; readonly annotations?: object | undefined }[] }>;
  call(name: string, args: Record<string, unknown>): Promise<unknown>;
  close(): Promise<void>;
}

function assistant(version: string, { list, call, close }: Speaks): Assistant {
  return {
    version,
    tools: async () => (await list()).tools,
    call: async (name, args = {}) => calledOf(await call(name, { ...args })),
    close,
  };
}

/** Reads an answer as an assistant would have to: by its two parts, and nothing besides. */
export function calledOf(result: unknown): Called {
  const { content, isError = false } = result as { content: { type: string; text: string }[]; isError?: boolean };
  const [said, data, ...more] = content;
  if (said?.type !== 'text' || data?.type !== 'text' || more.length > 0) throw new Error(JSON.stringify(content));
  const json = data.text.split('\n')[1] ?? '';
  return { said: said.text, marked: data.text, data: parsed(json), isError };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
