import { worstOf } from "../component-status.js";
import type { ShownComponent, StatusSnapshot } from "../snapshot.js";
import { statusId } from "../status-id.js";

/** A component or a group of them, as Statuspage says it. */
export interface ComponentDocument {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly position: number;
  readonly description: string | null;
  readonly showcase: boolean;
  readonly start_date: string | null;
  readonly group_id: string | null;
  readonly page_id: string;
  readonly group: boolean;
  readonly only_show_if_degraded: boolean;
  /** Of a group: ids of its components. */
  readonly components?: readonly string[];
}

/** Of the page, by its address: it stays while that stays. */
export function pageId({ page }: Pick<StatusSnapshot, "page">): string {
  return statusId("page", page.url);
}

export function componentId(snapshot: Pick<StatusSnapshot, "page">, name: string): string {
  return statusId("component", snapshot.page.url, name);
}

function groupId(snapshot: Pick<StatusSnapshot, "page">, group: string): string {
  return statusId("group", snapshot.page.url, group);
}

/** One component, wherever a document lists it. */
export function componentDocument(snapshot: StatusSnapshot, component: ShownComponent): ComponentDocument {
  const { name, title, status, description, group, updatedAt } = component;
  return {
    id: componentId(snapshot, name),
    name: title,
    status,
    created_at: snapshot.createdAt,
    updated_at: updatedAt,
    position: snapshot.components.indexOf(component) + 1,
    description,
    showcase: true,
    start_date: snapshot.createdAt.slice(0, 10),
    group_id: group === null ? null : groupId(snapshot, group),
    page_id: pageId(snapshot),
    group: false,
    only_show_if_degraded: false,
  };
}

/** All components, and their groups behind them. */
export function componentDocuments(snapshot: StatusSnapshot): readonly ComponentDocument[] {
  const components = snapshot.components.map((component) => componentDocument(snapshot, component));
  const groups = [...new Set(snapshot.components.flatMap(({ group }) => group ?? []))];
  return [...components, ...groups.map((group, index) => groupDocument(snapshot, group, components.length + index + 1))];
}

function groupDocument(snapshot: StatusSnapshot, group: string, position: number): ComponentDocument {
  const members = snapshot.components.filter((component) => component.group === group);
  return {
    id: groupId(snapshot, group),
    name: group,
    status: worstOf(members.map(({ status }) => status)),
    created_at: snapshot.createdAt,
    updated_at: members.map(({ updatedAt }) => updatedAt).reduce((one, other) => (one > other ? one : other)),
    position,
    description: null,
    showcase: false,
    start_date: null,
    group_id: null,
    page_id: pageId(snapshot),
    group: true,
    only_show_if_degraded: false,
    components: members.map(({ name }) => componentId(snapshot, name)),
  };
}
