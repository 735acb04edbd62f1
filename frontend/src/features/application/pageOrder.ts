import type { AddressPart, DeclaredSection } from '@/api/declaration';
import type { FieldIssue } from '@/api/problem';
import { slotPath } from './answers';

/** Mistakes in the order in which the page shows what they are about; those at one place keep the order in which they were found. */
export function inPageOrder(
  issues: readonly FieldIssue[],
  sections: readonly DeclaredSection[],
  addressParts: readonly AddressPart[],
): FieldIssue[] {
  const places = sections.flatMap((section) => [
    ...section.fields.map((field) => ({
      path: field.id,
      parts: (field.type === 'table' ? field.columns : addressParts).map((part) => part.id),
    })),
    ...(section.slots ?? []).map((slot) => ({ path: slotPath(slot.id), parts: [] })),
  ]);
  const placeOf = ({ path }: FieldIssue): number[] => {
    const [, field = '', row, part] = /^(documents\.\w+|\w+)(?:\[(\d+)\])?(?:\.(\w+))?/.exec(path) ?? [];
    const at = places.findIndex((place) => place.path === field);
    // What is wrong with the whole stands above its rows and parts.
    return [
      at === -1 ? places.length : at,
      row === undefined ? -1 : Number(row),
      part === undefined ? -1 : (places[at]?.parts.indexOf(part) ?? -1),
    ];
  };
  return issues
    .map((issue) => ({ issue, place: placeOf(issue) }))
    .sort((a, b) => a.place.map((n, i) => n - (b.place[i] ?? 0)).find((difference) => difference !== 0) ?? 0)
    .map(({ issue }) => issue);
}
