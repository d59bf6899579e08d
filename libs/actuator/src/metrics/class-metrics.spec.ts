import { Registry } from 'prom-client';
import { measureClasses } from './class-metrics';

it('modules that are loaded are told by the names of classes', async () => {
  const registry = new Registry();
  measureClasses(registry);
  const text = await registry.metrics();
  expect(text).toMatch(/^jvm_classes_loaded_classes [1-9]\d*$/m);
  expect(text).toMatch(/^jvm_classes_unloaded_classes_total 0$/m);
});
