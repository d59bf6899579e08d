const tag = /^management[._](?:metrics[._]tags|observations[._]key[._-]?values)[._](.+)$/i;

export const COMMON_LABELS = Symbol('COMMON_LABELS');
export type CommonLabels = Readonly<Record<string, string>>;

/** The labels that every series has: Spring Boot's common tags, `MANAGEMENT_METRICS_TAGS_{NAME}`. Dashboards know `application`. */
export function commonLabels(variables: Readonly<Record<string, string | undefined>>): CommonLabels {
  const labels = Object.entries(variables).flatMap(([variable, value]) => {
    const [, name] = tag.exec(variable) ?? [];
    return name === undefined || !value ? [] : [[labelOf(name), value] as const];
  });
  return Object.fromEntries(labels);
}

/** In capitals it is the name of a variable, not of a tag. */
function labelOf(name: string): string {
  return (name === name.toUpperCase() ? name.toLowerCase() : name).replace(/\W/g, '_').replace(/^(?=\d)/, '_');
}
