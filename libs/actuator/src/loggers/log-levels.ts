const levels = ['OFF', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'] as const;
/** Spring's names; `FATAL` is above ERROR and cannot be chosen by a client. */
export type Level = (typeof levels)[number] | 'FATAL';

const verbosity: Readonly<Record<Level, number>> = { OFF: 0, FATAL: 1, ERROR: 2, WARN: 3, INFO: 4, DEBUG: 5, TRACE: 6 };
const root = 'ROOT';
/** How many names may be known before no new one is taken; what an application has is some dozens. */
const mostNames = 500;

/** A client gave a level to one more name than can be kept. */
export class TooManyLoggers extends Error {
  constructor() {
    super(`At most ${mostNames} loggers are kept: take levels back, by null, or give one to a logger further up.`);
    this.name = 'TooManyLoggers';
  }
}

export interface LogLevelsOptions {
  /** Of everything that has no level of its own; INFO by default. */
  root?: Level;
  /** Levels by logger. */
  loggers?: Readonly<Record<string, Level>>;
  /** Loggers that get their level together, by the group's name. */
  groups?: Readonly<Record<string, readonly string[]>>;
}

interface LoggerView {
  configuredLevel: Level | null;
  effectiveLevel: Level;
}

/**
 * The levels of an application's loggers, changed while it runs. A logger without a level of its own has that of the nearest
 * one above it (`a.b` is above `a.b.c`), `ROOT` being above all. Case does not matter in names.
 */
export class LogLevels {
  private readonly firstRoot: Level;
  private readonly groups: Readonly<Record<string, readonly string[]>>;
  private readonly listeners: ((mostVerbose: Level) => void)[] = [];
  private readonly configured = new Map<string, Level>();
  /** By name as it is written where it is used. */
  private readonly effective = new Map<string, Level>();

  constructor({ root: first = 'INFO', loggers = {}, groups = {} }: LogLevelsOptions = {}) {
    this.firstRoot = first;
    this.groups = groups;
    this.configured.set(key(root), first);
    for (const [name, level] of Object.entries(loggers)) this.configure(name, level);
    for (const name of [root, ...Object.values(groups).flat()]) this.levelOf(name);
  }

  /** Tells the most verbose level there is, now and whenever one changes: no line beyond it is wanted by anybody. */
  onChange(listener: (mostVerbose: Level) => void): void {
    this.listeners.push(listener);
    listener(this.mostVerbose());
  }

  /** Whether a line of a logger gets into the log. */
  isEnabled(name: string, level: Level): boolean {
    return verbosity[level] <= verbosity[this.levelOf(name)];
  }

  /**
   * Gives a logger, or all of a group, a level, or (undefined) takes its own from it. Throws TooManyLoggers for a new name beyond
   * 500 known ones.
   */
  configure(name: string, level: Level | undefined): void {
    const group = Object.hasOwn(this.groups, name) ? this.groups[name] : undefined;
    for (const member of group ?? [name]) {
      if (!this.knows(member)) {
        if (level === undefined) continue;
        if (this.effective.size >= mostNames) throw new TooManyLoggers();
      }
      if (level) this.configured.set(key(member), level);
      else if (key(member) === key(root)) this.configured.set(key(root), this.firstRoot);
      else this.configured.delete(key(member));
      if (!this.knows(member)) this.effective.set(member, 'INFO');
    }
    for (const known of this.effective.keys()) this.effective.set(known, this.found(known));
    for (const listener of this.listeners) listener(this.mostVerbose());
  }

  /** A logger that was used or configured, or a group; undefined where there is none of the name. */
  one(name: string): LoggerView | { configuredLevel: Level | null; members: readonly string[] } | undefined {
    const members = Object.hasOwn(this.groups, name) ? this.groups[name] : undefined;
    if (members) return { configuredLevel: this.ofGroup(members), members };
    return this.knows(name) ? this.view(name) : undefined;
  }

  all(): { levels: readonly Level[]; loggers: Record<string, LoggerView>; groups: Record<string, object> } {
    const names = [...this.effective.keys()].toSorted((a, b) => (a === root ? -1 : b === root ? 1 : a < b ? -1 : 1));
    return {
      levels,
      loggers: Object.fromEntries(names.map((name) => [name, this.view(name)])),
      groups: Object.fromEntries(
        Object.entries(this.groups).map(([name, members]) => [
          name,
          { configuredLevel: this.ofGroup(members), members },
        ]),
      ),
    };
  }

  private levelOf(name: string): Level {
    const known = this.effective.get(name);
    if (known) return known;
    const level = this.found(name);
    this.effective.set(name, level);
    return level;
  }

  private found(name: string): Level {
    for (let at = key(name); at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
      const level = this.configured.get(at);
      if (level) return level;
    }
    return this.configured.get(key(root)) ?? this.firstRoot;
  }

  private view(name: string): LoggerView {
    return { configuredLevel: this.configured.get(key(name)) ?? null, effectiveLevel: this.found(name) };
  }

  private knows(name: string): boolean {
    return [...this.effective.keys()].some((known) => key(known) === key(name));
  }

  /** The level that all members have, if they have one. */
  private ofGroup(members: readonly string[]): Level | null {
    const own = new Set(members.map((member) => this.configured.get(key(member)) ?? null));
    return own.size === 1 ? ([...own][0] ?? null) : null;
  }

  private mostVerbose(): Level {
    return [...this.configured.values()].toSorted((a, b) => verbosity[b] - verbosity[a])[0] ?? this.firstRoot;
  }
}

/** The level that a text names, in any case; undefined where it names none that can be chosen. */
export function levelNamed(text: string): Level | undefined {
  const name = text.toUpperCase() === 'FALSE' ? 'OFF' : text.toUpperCase();
  return levels.find((level) => level === name);
}

function key(name: string): string {
  return name.toLowerCase();
}
