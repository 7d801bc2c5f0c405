import type { IncomingHttpHeaders } from 'node:http';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { allowedHosts, refuseForeign } from './allowed-hosts.js';
import type { CallLog } from './call-log.js';
import { checkedTools, mcpServer } from './mcp-server.js';
import type { Caller, Tool } from './tool.js';

/** The host that is listened on, and the other names of settings. */
export interface AssistantHosts {
  readonly host: string;
  readonly more: readonly string[];
}

/** What is said to assistants, and to whom. */
export interface Speech {
  readonly hosts: AssistantHosts;
  readonly tools: readonly Tool[];
  readonly callerOf: (request: Request | undefined) => Caller;
  readonly log: CallLog;
}

/** Speaks the protocol. */
export interface Protocol {
  /** Throws `HostRefused` for who may not come in. */
  refuseForeign(headers: IncomingHttpHeaders): void;
  fetch(request: Request, options: { readonly parsedBody?: unknown }): Promise<Response>;
  close(): Promise<void>;
}

/** Opens what speaks the protocol: the only file that others load it by, so that it is loaded when it is needed. */
export function openProtocol({ hosts, tools, callerOf, log }: Speech): Protocol {
  const [names, checked] = [allowedHosts(hosts.host, hosts.more), checkedTools(tools)];
  const server = ({ requestInfo }: { readonly requestInfo?: Request }) =>
    mcpServer(checked, callerOf(requestInfo), log);
  // Nothing ever changes in what is listed, so nobody has anything to wait for.
  const handler = createMcpHandler(server, { maxSubscriptions: 0 });
  return {
    refuseForeign: (headers) => refuseForeign(headers, names),
    fetch: (request, options) => handler.fetch(request, options),
    close: () => handler.close(),
  };
}
