/** One call of a function at one place in the tree of calls. https://chromedevtools.github.io/devtools-protocol/tot/Profiler/ */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

export interface Profile {
  readonly nodes: readonly ProfileNode[];
  /** Node ids, one a sample. */
  readonly samples: readonly number[];
  /** µs between samples. */
  readonly timeDeltas: readonly number[];
}

interface Message {
  readonly id?: number;
  readonly result?: { readonly profile?: Profile };
  readonly error?: { readonly message: string };
}

const INTERVAL_US = 200;

/** The CPU profile of a process that runs with `--inspect=127.0.0.1:<port>`, from now until the returned function is called. */
export async function startProfile(port: number): Promise<() => Promise<Profile>> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error(`No inspector answers at port ${port}.`)), { once: true });
  });
  const call = caller(socket);
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await call('Profiler.start');
  return async () => {
    const { profile } = (await call('Profiler.stop')) ?? {};
    socket.close();
    if (!profile) throw new Error('The inspector gave no profile.');
    return profile;
  };
}

function caller(socket: WebSocket) {
  let calls = 0;
  return (method: string, params: object = {}) =>
    new Promise<Message['result']>((resolve, reject) => {
      const id = ++calls;
      const take = ({ data }: MessageEvent<string>) => {
        const message = JSON.parse(data) as Message;
        if (message.id !== id) return;
        socket.removeEventListener('message', take);
        if (message.error) reject(new Error(message.error.message));
        else resolve(message.result);
      };
      socket.addEventListener('message', take);
      socket.send(JSON.stringify({ id, method, params }));
    });
}
