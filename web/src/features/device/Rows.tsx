import { Table } from "@mantine/core";
import type { ReactNode } from "react";

/** A table of names and values. */
export function Rows({ rows }: { rows: readonly [string, ReactNode][] }) {
  return (
    <Table withTableBorder className="numbers">
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400} c="dimmed" w="45%">
              {name}
            </Table.Th>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
