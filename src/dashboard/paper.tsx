import type { ComponentChildren } from 'preact';

/** Rows of a table: all on the screen; on paper the first ones, and what the others are. */
export function PaperRows<Item>({
  items,
  most,
  row,
  others = (rest) => `and ${rest.length} more`,
}: {
  items: readonly Item[];
  /** On paper. */
  most: number;
  row: (item: Item) => ComponentChildren;
  /** The cell for those that are left out. */
  others?: (rest: readonly Item[]) => ComponentChildren;
}) {
  if (items.length <= most) return <tbody>{items.map(row)}</tbody>;
  const rest = items.slice(most);
  return (
    <>
      <tbody>{items.slice(0, most).map(row)}</tbody>
      <tbody class="screen">{rest.map(row)}</tbody>
      <tbody class="paper">
        <tr>
          <td colSpan={9}>{others(rest)}</td>
        </tr>
      </tbody>
    </>
  );
}
