import { type CustomerWithOrders, statusOf } from './sample-journey';

const MAX_ROWS = 30;

/** A line an order: who, which, and every status it went through. */
export function orderTable(customers: readonly CustomerWithOrders[]): string {
  const rows = customers.flatMap(({ name, orders }) =>
    orders.map((order) => [
      `${name.firstName} ${name.lastName}`,
      order.guid.slice(0, 8),
      statusOf(order) ?? '',
      order.orderStatusEvents.map(({ orderStatusType }) => orderStatusType).join(' → '),
    ]),
  );
  const shown = [['customer', 'order', 'status', 'history'], ...rows.slice(0, MAX_ROWS)];
  const widths = [0, 1, 2].map((column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  const lines = shown.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`);
  if (rows.length > MAX_ROWS) lines.push(`  … and ${rows.length - MAX_ROWS} more`);
  return lines.join('\n');
}
