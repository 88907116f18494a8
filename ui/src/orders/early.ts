// What was typed before the dialog had its fields, told apart: the table a new order is for, and what is looked for in
// the menu. Pure; Enter stands in it as a line's end.

export interface Early {
  table: string;
  typed: string;
  /** Enter was pressed after it: the first answer is meant. */
  isEntered: boolean;
  /** It went on to the menu. */
  isAtMenu: boolean;
}

export function early(text: string, isNew: boolean): Early {
  const lines = text.split("\n");
  const table = isNew ? (lines.shift() ?? "") : "";
  return {
    table: table.trim(),
    typed: lines[0] ?? "",
    isEntered: lines.length > 1 && lines[0]?.trim() !== "",
    isAtMenu: lines.length > (isNew ? 0 : 1) || (lines[0] ?? "") !== "",
  };
}
