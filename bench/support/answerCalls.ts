/** The methods of a worker; arguments and results have to be JSON. */
export type Methods = Record<string, (...args: never[]) => unknown>;

export interface WorkerCall {
  id: number;
  method: string;
  args: unknown[];
}

export type WorkerAnswer = { id: number; value: unknown } | { id: number; error: string };

/** The options that `Worker` has started this process with. */
export function readOptions<Options>(): Options {
  return JSON.parse(process.argv[2] ?? '{}') as Options;
}

/** Answers the calls of the process that started this one, and ends with it. */
export function answerCalls(methods: Methods): void {
  const answer = async ({ id, method, args }: WorkerCall): Promise<WorkerAnswer> => {
    try {
      const work = methods[method];
      if (!work) throw new Error(`expected one of ${Object.keys(methods)}, got ${method}`);
      return { id, value: await work(...(args as never[])) };
    } catch (error) {
      return { id, error: error instanceof Error ? `${error.stack}` : String(error) };
    }
  };
  process.on('message', (call: WorkerCall) => {
    answer(call).then(
      (answered) => process.send?.(answered),
      () => process.exit(1),
    );
  });
  process.on('disconnect', () => process.exit());
}
