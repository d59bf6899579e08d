import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

export interface PanelQuery {
  /** Where it is: the dashboard and the panel. */
  readonly where: string;
  readonly expression: string;
}

interface Panel {
  readonly title?: string;
  readonly targets?: readonly { readonly expr?: string }[];
}

interface Variable {
  readonly name: string;
  readonly query?: unknown;
}

/** Every query of every panel and of every variable of these dashboards, with everything chosen. */
export function panelQueries(dashboards: readonly Dashboard[]): PanelQuery[] {
  return dashboards.flatMap(({ title: board, panels = [], templating }) => [
    ...(panels as readonly Panel[]).flatMap(({ title, targets = [] }) =>
      targets.map(({ expr = '' }) => ({ where: `${board} › ${title}`, expression: everything(expr) })),
    ),
    ...((templating?.list ?? []) as readonly Variable[]).flatMap(({ name, query }) => {
      const selector = /^label_values\((.*), \w+\)$/.exec(String(query))?.[1];
      return selector === undefined ? [] : [{ where: `${board} › $${name}`, expression: everything(selector) }];
    }),
  ]);
}

/** As Grafana would: "all" is a pattern that takes anything; an interval is a few scrapes. */
function everything(expression: string): string {
  return expression.replaceAll('$__rate_interval', '15s').replaceAll(/\$\w+/g, '.+');
}
