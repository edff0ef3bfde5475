// Modules that go the same way, put together.
import type { Route } from "./route.ts";

export interface RouteGroup {
  /** One of them; the others differ in nothing but the module. */
  readonly route: Route;
  readonly modules: readonly string[];
}

/** In the order of their first modules. */
export function groupRoutes(routes: readonly Route[]): RouteGroup[] {
  const groups = new Map<string, { route: Route; modules: string[] }>();
  for (const route of routes) {
    const { module, ...way } = route;
    const key = JSON.stringify(way);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { route, modules: [module] });
    else group.modules.push(module);
  }
  return [...groups.values()];
}
