/** What is used here of autocannon 9, which comes without types. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  namespace autocannon {
    interface Request {
      readonly method: 'POST';
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }

    interface Client {
      setRequests(requests: readonly Request[]): void;
    }

    interface Options {
      readonly url: string;
      readonly connections: number;
      /** Seconds. */
      readonly duration: number;
      readonly requests: readonly Request[];
      readonly setupClient?: (client: Client) => void;
    }

    interface Result {
      readonly errors: number;
      readonly non2xx: number;
    }

    /** Emits `response` with the client, the status code, the bytes and the milliseconds that it took. */
    interface Instance extends EventEmitter, PromiseLike<Result> {}
  }

  function autocannon(options: autocannon.Options): autocannon.Instance;
  export = autocannon;
}
