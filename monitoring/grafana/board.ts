import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { ReduceDataOptionsBuilder, StackingConfigBuilder, StackingMode } from '@grafana/grafana-foundation-sdk/common';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as GraphBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

type Panel = GraphBuilder | StatBuilder;

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Board {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Variables that narrow down what is shown: name and the query of its values. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

const datasource = { type: 'prometheus', uid: '${datasource}' };

/** Expressions by their legends. */
export type Queries = Readonly<Record<string, string>>;

/** A third of the width; units are Grafana's: `s`, `bytes`, `reqps`, `percentunit`, `short`. */
export function graph(title: string, unit: string, queries: Queries, { stacked = false } = {}): GraphBuilder {
  const panel = new GraphBuilder()
    .title(title)
    .unit(unit)
    .min(0)
    .span(8)
    .height(7)
    .fillOpacity(stacked ? 30 : 5);
  if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  return panel.datasource(datasource).targets(targets(queries));
}

/** One number, the last one: an eighth of the width. */
export function stat(title: string, unit: string, queries: Queries): StatBuilder {
  const reduce = new ReduceDataOptionsBuilder().calcs(['lastNotNull']);
  const panel = new StatBuilder().title(title).unit(unit).span(3).height(4).reduceOptions(reduce);
  return panel.datasource(datasource).targets(targets(queries));
}

export function dashboard({ uid, title, description, variables = {}, rows }: Board): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['storefront'])
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-30m', to: 'now' })
    .refresh('30s')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  for (const [name, query] of Object.entries(variables)) {
    const variable = new QueryVariableBuilder(name).query(query).datasource(datasource).includeAll(true).multi(true);
    builder.withVariable(variable.refresh(VariableRefresh.OnTimeRangeChanged).sort(VariableSort.AlphabeticalAsc));
  }
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  return builder.build();
}

function targets(queries: Queries): DataqueryBuilder[] {
  return Object.entries(queries).map(([legend, expr], index) =>
    new DataqueryBuilder()
      .refId(String.fromCharCode(65 + index))
      .expr(expr)
      .legendFormat(legend),
  );
}
