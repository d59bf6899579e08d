import { osThreads, type ThreadState } from './os-threads';

interface StackFrame {
  className: string;
  methodName: string;
  fileName: string | null;
  lineNumber: number;
  nativeMethod: boolean;
}

/** A thread in the shape of the JVM's; what Node does not count is -1 or empty. */
export interface ThreadInfo {
  threadName: string;
  threadId: number;
  threadState: string;
  blockedCount: number;
  blockedTime: number;
  waitedCount: number;
  waitedTime: number;
  daemon: boolean;
  inNative: boolean;
  suspended: boolean;
  priority: number;
  stackTrace: readonly StackFrame[];
  lockedMonitors: readonly never[];
  lockedSynchronizers: readonly never[];
  lockInfo: null;
  /** Of the main thread: what keeps its event loop waiting, by kind. */
  activeResources?: Readonly<Record<string, number>>;
}

const jvmStates: Readonly<Record<ThreadState, string>> = {
  runnable: 'RUNNABLE',
  blocked: 'BLOCKED',
  waiting: 'WAITING',
  terminated: 'TERMINATED',
};

/**
 * What Node can say of its threads: the main one with its JavaScript stack (that of this very call, because nothing else runs
 * meanwhile) and what its event loop waits for; the others, V8's and libuv's, by name and state where the system tells them.
 */
export function threadDump(): ThreadInfo[] {
  const main: ThreadInfo = {
    ...thread(process.pid, 'main', 'RUNNABLE'),
    daemon: false,
    inNative: false,
    stackTrace: stackOfCaller(),
    activeResources: activeResources(),
  };
  const others = osThreads().filter(({ id }) => id !== process.pid);
  return [main, ...others.map(({ id, name, state }) => thread(id, name, jvmStates[state]))];
}

/** In the manner of jstack. */
export function threadsAsText(threads: readonly ThreadInfo[]): string {
  const head = `${new Date().toISOString()}\nFull thread dump Node.js (${process.version} V8 ${process.versions.v8}):\n`;
  return [head, ...threads.map(asText)].join('\n');
}

function asText({
  threadName,
  threadId,
  threadState,
  stackTrace,
  activeResources: resources = {},
}: ThreadInfo): string {
  const frames = stackTrace.map(
    ({ className, methodName, fileName, lineNumber }) =>
      `\tat ${className}.${methodName}(${fileName ?? 'native'}${lineNumber > 0 ? `:${lineNumber}` : ''})`,
  );
  const waits = Object.entries(resources).map(([kind, count]) => `\t- waits for ${count} ${kind}`);
  const state = `   java.lang.Thread.State: ${threadState}`;
  return [`"${threadName}" - Thread t@${threadId}`, state, ...frames, ...waits, ''].join('\n');
}

function thread(threadId: number, threadName: string, threadState: string): ThreadInfo {
  return {
    threadName,
    threadId,
    threadState,
    blockedCount: -1,
    blockedTime: -1,
    waitedCount: -1,
    waitedTime: -1,
    daemon: true,
    inNative: true,
    suspended: false,
    priority: 0,
    stackTrace: [],
    lockedMonitors: [],
    lockedSynchronizers: [],
    lockInfo: null,
  };
}

function stackOfCaller(): StackFrame[] {
  const lines = new Error('stack').stack?.split('\n').slice(2) ?? [];
  return lines.map((line) => {
    const [, before = '', inside] = /^ {1,8}at ([^()]*)(?: \(([^()]*)\))?$/.exec(line) ?? [];
    const [call, place] = inside === undefined ? ['', before] : [before, inside];
    const [position = '', number = '0'] = /:(\d{1,9}):\d{1,9}$/.exec(place) ?? [];
    const file = place.slice(0, place.length - position.length).replace(/^file:\/\//, '');
    const parts = call.replace(/^(async|new) /, '').split('.');
    const methodName = parts.pop() || '<anonymous>';
    const isNative = file.startsWith('node:') || file === 'native';
    const className = parts.join('.') || '<module>';
    return { className, methodName, fileName: file || null, lineNumber: Number(number), nativeMethod: isNative };
  });
}

function activeResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
