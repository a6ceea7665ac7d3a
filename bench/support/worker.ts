import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Methods, WorkerAnswer, WorkerCall } from './answerCalls.ts';

/** A separate process whose methods are called one after the other (see `answerCalls`). */
export class Worker<M extends Methods> {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #calls = 0;

  /**
   * @param file below `bench/support`
   * @param options what the process is given to begin with; it has to survive JSON
   * @param env all of the process's environment but `PATH`
   */
  constructor(file: string, options: unknown = {}, env: Record<string, string> = {}) {
    const path = fileURLToPath(new URL(file, import.meta.url));
    this.#child = fork(path, [JSON.stringify(options)], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      // What it prints must not get into our own result.
      stdio: ['ignore', process.stderr.fd, process.stderr.fd, 'ipc'],
    });
    this.#ended = once(this.#child, 'exit');
  }

  async call<N extends keyof M & string>(
    method: N,
    ...args: Parameters<M[N]>
  ): Promise<Awaited<ReturnType<M[N]>>> {
    const id = ++this.#calls;
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<M[N]>>>();
    const onMessage = (answer: WorkerAnswer) => {
      if (answer.id !== id) return;
      if ('error' in answer) reject(new Error(answer.error));
      else resolve(answer.value as Awaited<ReturnType<M[N]>>);
    };
    const onExit = (code: number | null) =>
      reject(new Error(`expected an answer to ${method}, got the process's end (${code})`));
    this.#child.on('message', onMessage).once('exit', onExit);
    try {
      this.#child.send({ id, method, args } satisfies WorkerCall);
      return await promise;
    } finally {
      this.#child.off('message', onMessage).off('exit', onExit);
    }
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
  }
}
