/** A name for a new device that no other has: `Camera`, else `Camera 2`, and so on. */
export function suggestedName(category: string, taken: ReadonlySet<string>): string {
  if (!taken.has(category)) return category;
  let number = 2;
  while (taken.has(`${category} ${number}`)) number += 1;
  return `${category} ${number}`;
}
